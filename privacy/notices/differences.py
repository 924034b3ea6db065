"""What is different between two versions, in words: by kind and field, each on its own line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from privacy.notices.languages import speech
from privacy.notices.saying import Saying
from privacy.notices.sections_of_data import how_long, where_from
from privacy.notices.sections_of_others import ground_text
from privacy.profiles.data import DataKind
from privacy.profiles.model import Profile


def differences(before: Profile, after: Profile, *, language: str) -> list[str]:
    """Lines in one language; empty where both say the same."""
    spoken = speech(language)
    new = Saying(after, spoken, 0, date.min, "")
    old = replace(new, rules=before)
    return [*_kinds(old, new), *_facts(old, new), *_lists(old, new)]


def _kinds(old: Saying, new: Saying) -> Iterator[str]:
    was = {kind.key: kind for kind in old.rules.data}
    now = {kind.key: kind for kind in new.rules.data}
    for key, kind in now.items():
        if key not in was:
            yield new.say("difference", "added_kind", kind=new.speech.kind(kind))
        else:
            yield from _fields(new, was[key], kind)
            yield from _about(old, new, was[key], kind)
    for key in was.keys() - now.keys():
        yield new.say("difference", "removed_kind", kind=new.speech.kind(was[key]))


def _fields(saying: Saying, before: DataKind, after: DataKind) -> Iterator[str]:
    was = {field.name: field for field in before.fields}
    now = {field.name: field for field in after.fields}
    kind = saying.speech.kind(after)
    for name, field in now.items():
        key = "added_field" if name not in was else "changed_field"
        if was.get(name) != field:
            said = saying.speech.field(field)
            yield saying.say("difference", key, kind=kind, field=said)
    for name in was.keys() - now.keys():
        said = saying.speech.field(was[name])
        yield saying.say("difference", "removed_field", kind=kind, field=said)


def _about(old: Saying, new: Saying, before: DataKind, after: DataKind) -> Iterator[str]:
    kind = new.speech.kind(after)
    for term, said in _KIND.items():
        if said(old, before) != said(new, after):
            where = f"{kind}, {new.say('kept', term)}"
            yield _changed(new, where, said(old, before), said(new, after))


_KIND: Final[Mapping[str, Callable[[Saying, DataKind], str]]] = {
    "about": lambda saying, kind: saying.say("whose", kind.subjects),
    "role": lambda saying, kind: saying.say("role", kind.role),
    "sources": where_from,
    "purposes": lambda saying, kind: saying.speech.says("purpose", kind.purposes),
    "basis": lambda saying, kind: saying.say("basis", kind.basis),
    "kept": how_long,
}


def _facts(old: Saying, new: Saying) -> Iterator[str]:
    for where, said in _FACTS.items():
        section, _, key = where.strip().partition(".")
        if said(old) != said(new):
            yield _changed(new, new.say(section, key), said(old), said(new))


_FACTS: Final[Mapping[str, Callable[[Saying], str]]] = {
    "difference.controller": lambda s: "; ".join(
        str(one) for one in s.rules.controller.model_dump().values() if one
    ),
    "difference.mfa": lambda s: s.say("security", f"mfa_{s.rules.mfa}"),
    "difference.region": lambda s: s.say("place", s.rules.region),
    "marketing.heading": lambda s: s.say("marketing", s.rules.marketing.stance),
    "cookies.heading": lambda s: s.say("cookies", s.rules.cookie_policy.stance),
    "security.heading": lambda s: s.say(
        "security", "authority", hours=s.speech.hours(s.rules.breaches.authority_hours)
    ),
    "security.heading ": lambda s: (
        s.say("security", "users", hours=s.speech.hours(s.rules.breaches.users_hours))
        if s.rules.breaches.users_hours
        else s.say("say", "none")
    ),
    "changes.review": lambda s: s.speech.day(s.rules.policy.next_review),
    "changes.heading": lambda s: s.say("changes", s.rules.policy.changes),
}
"""Facts of the whole, each as it is said; the first part is where its name stands."""


def _lists(old: Saying, new: Saying) -> Iterator[str]:
    for where, items in _LISTS.items():
        was, now = items(old), items(new)
        for what in now.keys() - was.keys():
            yield new.say("difference", "added", where=new.say(where, "heading"), what=now[what])
        for what in was.keys() - now.keys():
            yield new.say("difference", "removed", where=new.say(where, "heading"), what=was[what])
        for what in now.keys() & was.keys():
            if was[what] != now[what]:
                yield _changed(new, new.say(where, "heading"), was[what], now[what])


def _receivers(saying: Saying) -> dict[str, str]:
    told = {
        f"processor {one.name}": (
            f"{one.name} ({saying.speech.country(one.country)}: {saying.meanings(one.fields)})"
        )
        for one in saying.rules.processors
    }
    return told | {
        f"host {one.host}": (
            f"{one.host} ({saying.speech.translate(one.role)}: "
            f"{saying.kinds(dict.fromkeys((*one.gives, *one.gets)))})"
        )
        for one in saying.rules.recipients
    }


_LISTS: Final[Mapping[str, Callable[[Saying], dict[str, str]]]] = {
    "marketing": lambda s: {one: s.say("objection", one) for one in s.rules.marketing.objections},
    "cookies": lambda s: (
        {one.name: f"{one.name} ({s.say('cookie', one.category)})" for one in s.rules.cookies}
        | {one: s.say("cookie", one) for one in s.rules.cookie_policy.categories}
    ),
    "receivers": _receivers,
    "disclosures": lambda s: {one: ground_text(s, one) for one in s.rules.disclosures.grounds},
    "documents": lambda s: {
        one: s.say("documents", one)
        for one in (s.rules.documents.asked_for if s.rules.documents else ())
    },
}


def _changed(saying: Saying, where: str, before: str, after: str) -> str:
    return saying.say("difference", "changed", where=where, before=before, after=after)
