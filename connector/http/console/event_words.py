"""Ledger events in words."""

from collections.abc import Mapping
from typing import Any, Final

from privacy.core.db.work import ActorKind

GROUPS: Final = {
    "console:user": "Signing in and people",
    "console:password": "Passwords",
    "console:api_key": "API keys",
    "console:account": "Connected systems",
    "console:call": "Looks at calls in the console",
    "api:call": "Calls over the API",
    "web:inquiry": "Inquiries from web forms",
    "console:inquir": "Work with inquiries",
    "console:form": "Web forms",
    "web:regist": "Registrations",
    "console:regist": "Work with registrations",
    "jobs:sync": "Reading of connected systems",
    "jobs:document": "Documents sent to connected systems",
    "console:contact": "Contacts",
    "console:field": "Fields of your own",
    "provider:": "Calls from exchanges",
    "retention:": "Destruction",
    "keys:": "Encryption keys",
    "backups:": "Archives and drills",
    "moves:": "Moves to another server",
    "console:membership": "Roles",
    "console:tenant": "Settings",
    "console:webhook": "Event endpoints",
    "registers:": "Consents and objections",
    "rights:": "Requests of data subjects",
    "console:notice": "Privacy notices",
    "console:polic": "Decisions on privacy notices",
    "jobs:promises": "Examinations of the promises",
    "exports:": "Archives of everything you have here",
}
"""Beginnings of event names that the filter offers."""

ACTORS: Final = {
    ActorKind.USER: "a person",
    ActorKind.API_KEY: "an API key",
    ActorKind.ACCOUNT: "a connected system",
    ActorKind.REGISTRANT: "a registered person",
    ActorKind.JOB: "a background job",
    ActorKind.OPERATOR: "an operator",
    ActorKind.SYSTEM: "the service",
    ActorKind.MARKETPLACE: "a marketplace",
    ActorKind.NOBODY: "somebody unknown",
}

_WHERE: Final = {
    "console": "",
    "api": " over the API",
    "provider": " by an exchange",
    "cli": " from the command line",
    "jobs": " in the background",
    "marketplace": " by a marketplace",
    "web": " on the web",
}
_SUBJECTS: Final = {
    "api_key": "API key",
    "totp": "Second factor",
    "mfa": "Second factor",
    "recovery_codes": "Recovery codes",
    "recovery_code": "Recovery code",
    "account": "Connected system",
    "tenant": "Organisation",
    "membership": "Membership",
    "epoch": "Key epoch",
    "sync": "Reading of a connected system",
    "document": "Outgoing document",
    "webhook": "Event endpoint",
}
_SAID_OTHERWISE: Final = {
    "jobs:webhook:disclosed": "Personal data sent to an event endpoint",
    "jobs:removal:held": "Records that a system lists no more kept until confirmed",
    "console:removal:confirmed": "Removal of what a system lists no more confirmed",
    "console:account:mapped": "Mapping of a connected system saved",
    "provider:account:refused": "Exchange refused",
    "console:field:declared": "Field of one's own declared",
    "console:field:renamed": "Field of one's own renamed",
    "console:field:ended": "Field of one's own ended, its values erased",
    "console:fields:filled": "Fields of one's own filled in",
    "provider:account:unavailable": "Connected system did not answer",
    "provider:account:back": "Connected system answered again",
    "provider:account:watched": "Changes are told by a connected system",
    "provider:account:renewed": "Credential renewed with a connected system",
}


def event_label(name: str) -> str:
    """`Calls searched over the API` for `api:calls:searched`."""
    if name in _SAID_OTHERWISE:
        return _SAID_OTHERWISE[name]
    source, _, rest = name.partition(":")
    subject, _, action = rest.partition(":")
    noun = _SUBJECTS.get(subject, subject.replace("_", " ").capitalize())
    return f"{noun} {action.replace('_', ' ')}{_WHERE.get(source, '')}"


def details_of(facts: Mapping[str, Any], subject: str | None) -> str:
    """`found 3, by number`: the facts, and what it was done to."""
    told = [f"{key.replace('_', ' ')} {_said(value)}" for key, value in sorted(facts.items())]
    return ", ".join([*told, *([f"on {subject}"] if subject else [])])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def actor_label(kind: str) -> str:
    """`a person`."""
    return ACTORS.get(ActorKind(kind), kind)
