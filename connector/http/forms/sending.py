"""Take in a form that was sent, from the page or from the API: one way for both."""

from flask import request

from connector.http.forms.limits import count_sent
from connector.inquiries.arrive import Sent, check_sent, judge_sent, take_inquiry
from connector.inquiries.declared import Asked
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.open import Opened
from privacy.core.db.work import NOBODY, UnitOfWork, unit_of_work
from privacy.identities.people import Person
from privacy.identities.tokens import tokens_of
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppressed
from privacy.vault.keyring import Keyring
from tenants.http.services import services


def take(form: FormRef, sent: Sent, *, proof_only: bool) -> Opened:
    """Judge, check, count, store; an error anywhere stores nothing and spends nothing.

    Fields are checked before anything is counted, so a typing error costs nobody a try. No
    transaction is open while Redis counts.

    Raises:
        Invalid, TooManyRequests, Conflict: each says what to do.
    """
    engine, vault = services().engines.app, services().vault
    checked = check_sent(form, sent)
    with unit_of_work(engine, tenant_id=form.tenant_id, actor=NOBODY) as work:
        verdict = judge_sent(work, vault=vault, form=form, sent=sent, proof_only=proof_only)
    count_sent(form, proved=verdict.proved)
    with unit_of_work(engine, tenant_id=form.tenant_id, actor=NOBODY) as work:
        opened = take_inquiry(
            work, vault=vault, form=form, sent=sent, checked=checked, verdict=verdict
        )
        if request.headers.get("Sec-GPC") == "1":
            _heed_signal(work, vault, checked.asked)
    return opened


def _heed_signal(work: UnitOfWork, vault: Keyring, asked: Asked) -> None:
    """Global Privacy Control: whoever writes with it set objects to marketing (Art. 21(5))."""
    if not asked.contact.email:
        return
    who = Person(email=asked.contact.email, name=asked.contact.name or "")
    tokens, purpose = tokens_of(work, vault, who.identities), Objection.DIRECT_MARKETING
    known = suppressed(work, tokens)
    if all(known.get(one, {}).get(purpose) is Cause.OBJECTION for one in tokens):
        return  # said once is enough: a form that is sent often fills no register
    record_objection(work, vault, Objecting(who, [purpose], ObjectionChannel.FORM))
