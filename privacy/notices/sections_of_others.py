"""Parts of a notice about others: who gets data, and on what grounds (promises E1 to E4)."""

from privacy.notices.documents import Block, Facts, Links, Paragraph, Points
from privacy.notices.saying import Saying
from privacy.profiles.sharing import Counterpart, Ground, Processor


def receivers(saying: Saying) -> list[Block]:
    """Processors with place and footing, and every system that is asked."""
    rules = saying.rules
    told: list[Block] = [
        Paragraph(saying.say("receivers", "processors" if rules.processors else "nobody"))
    ]
    for processor in rules.processors:
        told += _processor(saying, processor)
    if rules.recipients:
        told.append(Paragraph(saying.say("receivers", "hosts")))
        for host in rules.recipients:
            place = (saying.say("receivers", "country"), saying.speech.country(host.country))
            told.append(Facts([*_counterpart(saying, host), place], host.host))
    if rules.tenant_recipients:
        told.append(Paragraph(saying.say("receivers", "own")))
        told.append(Points([saying.speech.translate(one.role) for one in rules.tenant_recipients]))
    return [*told, Paragraph(saying.say("receivers", "closed"))]


def disclosures(saying: Saying) -> list[Block]:
    """The only grounds on which something is told to others."""
    if not saying.rules.disclosures.grounds:
        return [Paragraph(saying.say("disclosures", "none"))]
    return [
        Paragraph(saying.say("disclosures", "some")),
        Points([ground_text(saying, one) for one in saying.rules.disclosures.grounds]),
        Paragraph(saying.say("disclosures", "register")),
    ]


def ground_text(saying: Saying, ground: Ground) -> str:
    """One ground, with what it is limited to."""
    told = saying.rules.disclosures
    if ground is Ground.AUTHORITY and told.authority_reasons:
        reasons = saying.speech.says("reason", told.authority_reasons)
        return saying.say("ground", "authority_reasons", reasons=reasons)
    fields = saying.meanings(told.registry_fields)
    return saying.say("ground", ground, fields=fields)


def _processor(saying: Saying, processor: Processor) -> list[Block]:
    footing = saying.say("transfer", processor.footing)
    if processor.runs == "browser":
        footing = f"{footing}; {saying.say('receivers', 'in_browser')}"
    rows = [
        (saying.say("receivers", "role"), saying.speech.translate(processor.role)),
        (saying.say("receivers", "country"), saying.speech.country(processor.country)),
        (saying.say("receivers", "fields"), saying.meanings(processor.fields)),
        (saying.say("receivers", "footing"), footing),
    ]
    links = [
        (saying.say("receivers", "statement"), processor.statement_url),
        (saying.say("receivers", "agreement"), processor.agreement_url),
    ]
    told: list[Block] = [
        Facts(rows, processor.name),
        Links(saying.say("receivers", "links"), links),
    ]
    if processor.historic_transfers:
        shields = saying.speech.says("transfer", processor.historic_transfers)
        told.append(Paragraph(saying.say("receivers", "historic", shields=shields)))
    return told


def _counterpart(saying: Saying, one: Counterpart) -> list[tuple[str, str]]:
    nothing = saying.say("say", "none")
    return [
        (saying.say("receivers", "role"), saying.speech.translate(one.role)),
        (saying.say("receivers", "gives"), saying.kinds(one.gives) or nothing),
        (saying.say("receivers", "gets"), saying.kinds(one.gets) or nothing),
    ]
