"""POST or PUT to an account's address. The account's kind says how the body is read."""

from contextlib import AbstractContextManager

from flask import Response, request

from connector.accounts.refs import AccountRef
from connector.calls.outcomes import IngestOutcome
from connector.http.intake.accounts import posting_account
from connector.http.intake.answers import received
from connector.http.intake.blocks import LONGEST, blocks_of
from connector.http.intake.deliveries import delivery
from connector.http.intake.readings import Reading
from connector.http.intake.receive import UPLOADED, AccountPaused, read, store
from connector.http.intake.refusals import note_refusal
from connector.http.intake.signatures import WrongSignature, check_signature
from connector.http.intake.strangers import turn_away
from connector.http.rates.callers import counter
from connector.http.rates.policies import INTAKE, count
from connector.providers.base import Delivery
from connector.providers.registry import MAPPINGS
from privacy.core.db.work import Actor, ActorKind, UnitOfWork, unit_of_work
from privacy.core.errors import UnsupportedMedia
from tenants.http.access import public
from tenants.http.services import services

_SECRET = "The secret in the address, or the Basic password, names the account; else 404."  # noqa: S105


@public(_SECRET)
def receive(secret: str | None = None, name: str = "") -> Response:
    """Take in what an exchange sends. `name` is a file's, and of no meaning."""
    account = posting_account(secret)
    if account.kind.value not in MAPPINGS:
        turn_away()
    count(counter(), INTAKE, str(account.id)).refuse_excess()
    if not account.receiving:
        raise AccountPaused
    if account.kind in UPLOADED:
        return _take_file(account)
    return _take_delivery(account)


def _take_delivery(account: AccountRef) -> Response:
    sent = delivery()
    try:
        with _work(account) as work:
            check_signature(work, vault=services().vault, account=account, delivery=sent)
            reading = read(account, sent)
            outcome = store(work, vault=services().vault, account=account, reading=reading)
    except WrongSignature as refusal:
        note_refusal(account, refusal.code)
        raise
    return received(account.kind, outcome, reading.skipped)


def _take_file(account: AccountRef) -> Response:
    """Each block is committed by itself: a file that breaks off is sent again, harmlessly."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the file uncompressed.")
    request.max_content_length = LONGEST
    outcomes: list[IngestOutcome] = []
    before, skipped = 0, 0
    for block in blocks_of(request.stream):
        reading = read(account, Delivery(body=block))
        outcomes.append(_store_block(account, reading.moved(before)))
        before, skipped = before + reading.count, skipped + reading.skipped
    return received(account.kind, IngestOutcome.total(outcomes), skipped)


def _store_block(account: AccountRef, reading: Reading) -> IngestOutcome:
    with _work(account) as work:
        return store(work, vault=services().vault, account=account, reading=reading, single=False)


def _work(account: AccountRef) -> AbstractContextManager[UnitOfWork]:
    """A unit of work in the account's tenant, in the account's name."""
    actor = Actor(ActorKind.ACCOUNT, account.id)
    return unit_of_work(services().engines.app, tenant_id=account.tenant_id, actor=actor)
