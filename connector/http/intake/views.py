"""POST or PUT to an account's address. The account's kind says how the body is read."""

from typing import Final

from flask import Response, request

from connector.accounts.addresses import Address
from connector.accounts.kinds import AccountKind
from connector.calls.outcomes import IngestOutcome
from connector.http.intake.accounts import posting_address, work_of_account
from connector.http.intake.answers import NothingTaken, received
from connector.http.intake.blocks import blocks_of
from connector.http.intake.deliveries import Incoming, arriving
from connector.http.intake.readings import Reading
from connector.http.intake.receive import UPLOADED, read, store
from connector.http.intake.refusals import note_refusal
from connector.http.intake.signatures import WrongSignature, check_signature
from connector.http.rates.callers import counter
from connector.http.rates.policies import INTAKE, count
from connector.providers.base import Delivery, MappingError
from privacy.core.errors import UnsupportedMedia
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "The secret in the address, or the Basic password, names the account; else 404."
Done = tuple[IngestOutcome, int]
"""What became of the records, and how many were none."""


@public(_REASON)
def receive(secret: str | None = None, name: str = "") -> Response:
    """Take in what an exchange sends. `name` is a file's, and of no meaning."""
    address = posting_address(secret)
    count(counter(), INTAKE, str(address.account_id)).refuse_excess()
    # No transaction is open while a sender takes its time.
    incoming = arriving()
    try:
        kind, done = _take_delivery(address, incoming)
        outcome, skipped = done or _take_file(address, incoming)
        return received(kind, outcome, skipped)
    except (WrongSignature, MappingError, NothingTaken) as refusal:
        note_refusal(address, refusal.code)
        raise


def _take_delivery(address: Address, incoming: Incoming) -> tuple[AccountKind, Done | None]:
    """The account's kind; and what was done, unless it is one that sends files."""
    with work_of_account(address) as (work, account):
        if account.kind in UPLOADED:
            return account.kind, None
        vault, delivery = services().vault, incoming.delivery()
        check_signature(work, vault=vault, account=account, delivery=delivery)
        reading = read(account, delivery)
        outcome = store(work, vault=vault, account=account, reading=reading)
    return account.kind, (outcome, reading.skipped)


def _take_file(address: Address, incoming: Incoming) -> Done:
    """Each block is committed by itself: a file that breaks off is sent again, harmlessly."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the file uncompressed.")
    outcomes: list[IngestOutcome] = []
    before, skipped = 0, 0
    for block in blocks_of(incoming.stream, head=incoming.head):
        reading, outcome = _take_block(address, block, before)
        outcomes.append(outcome)
        before, skipped = before + reading.count, skipped + reading.skipped
    return IngestOutcome.total(outcomes), skipped


def _take_block(address: Address, block: bytes, before: int) -> tuple[Reading, IngestOutcome]:
    with work_of_account(address) as (work, account):
        reading = read(account, Delivery(body=block)).moved(before)
        vault = services().vault
        outcome = store(work, vault=vault, account=account, reading=reading, single=False)
    return reading, outcome
