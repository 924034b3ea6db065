"""What follows rows that came in: what they are found by, and work that waits for them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert

from connector.contacts.tokens import keep_words
from connector.exports.remake import Remade
from connector.inquiries.forms.keys import digest_of
from connector.inquiries.forms.models import WebFormListing
from privacy.consents.models import ConsentToken
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.disclosures.models import DisclosureToken
from privacy.objections.models import ObjectionToken
from privacy.subjects.words import UNDER_WAY
from privacy.vault.keyring import Keyring

Came = Sequence[tuple[dict[str, Any], Remade]]
"""Rows as they were written, each with what was made for it."""
After = Callable[[UnitOfWork, Keyring, Came], None]


def _words(work: UnitOfWork, vault: Keyring, came: Came) -> None:
    keep_words(work, vault, {values["id"].bytes: made.words for values, made in came})


def _tokens(model: Any, column: str) -> After:
    def keep(work: UnitOfWork, _vault: Keyring, came: Came) -> None:
        rows = [
            {"tenant_id": work.tenant_id, "token": token, column: values["id"]}
            for values, made in came
            for token in made.tokens
        ]
        if rows:
            work.connection.execute(insert(model).on_conflict_do_nothing(), rows)

    return keep


def _listing(work: UnitOfWork, _vault: Keyring, came: Came) -> None:
    for values, _ in came:
        row = {"digest": digest_of(values["key"]), "form_id": values["id"]}
        listed = insert(WebFormListing).values(tenant_id=work.tenant_id, **row)
        work.connection.execute(listed.on_conflict_do_nothing())


def _run(work: UnitOfWork, _vault: Keyring, came: Came) -> None:
    """Requests that were being carried out go on here."""
    going = {state.value for state in UNDER_WAY}
    for values, _ in came:
        if values["state"] in going:
            payload = {"request_id": str(values["id"])}
            enqueue(work, name=JobName.SUBJECT_RUN, payload=payload)


AFTER: Final[Mapping[str, After]] = {
    "contacts": _words,
    "consents": _tokens(ConsentToken, "consent_id"),
    "objections": _tokens(ObjectionToken, "objection_id"),
    "disclosures": _tokens(DisclosureToken, "disclosure_id"),
    "web_forms": _listing,
    "subject_requests": _run,
}
