"""POST /api/v1/breaches, …/scope, …/{id}/scope, assess, authority, users, close."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from flask import Response
from msgspec.structs import replace as with_fields

from connector.breaches.preview import scope_of as computed_scope
from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.once import PROBLEMS, made_once
from connector.http.api.operations import Body, Operation, View, describes
from connector.http.api.overseen.breach_shapes import EXAMPLE, BreachScope, scope_of
from connector.http.api.overseen.breach_wishes import (
    TEXTS,
    Assessment,
    AuthorityTold,
    BreachWish,
    ExposureWish,
    Settling,
    TellWish,
)
from connector.http.api.registers.wanted import Recorded
from connector.identities.read import refuse_cards
from privacy.breaches.decide import (
    NotSettled,
    StillTelling,
    assess_breach,
    close_breach,
    get_breach,
    have_users_told,
    note_authority,
    put_scope,
)
from privacy.breaches.record import record_breach
from privacy.breaches.scopes import Scope
from privacy.breaches.shapes import Audience, Risk
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound, SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

T = TypeVar("T")
_PATH: Final = {"breach_id": "The loss's id."}
_EXPOSED: Final = {
    "exposed": "day_keys",
    "since": "2026-11-19T20:00:00Z",
    "first_day": "2026-11-19",
    "last_day": "2026-11-19",
}


def _decision(
    name: str,
    summary: str,
    description: str,
    takes: Any,
    example: Any,
    problems: tuple[type[SiltaError], ...] = (NotSettled,),
) -> Callable[[View], View]:
    """One decision about one loss; taken once for each Idempotency-Key."""
    return describes(
        Operation(
            id=name,
            summary=summary,
            description=description,
            tag="overseen",
            path=_PATH,
            body=Body({JSON: takes}, {JSON: example}, "The decision."),
            answer=Recorded,
            example={"id": EXAMPLE["id"]},
            problems=(NotFound, *problems, *PROBLEMS),
            idempotent=True,
            mode=True,
        )
    )


@requires(Permission.BREACHES_WRITE)
@describes(
    Operation(
        id="recordBreach",
        summary="Record a loss of data",
        description=(
            "Its time limits run from the discovery. With `exposure` the tables, records and "
            "people are computed from the ledger and the key ring, and kept with it."
        ),
        tag="overseen",
        body=Body(
            kinds={JSON: BreachWish},
            examples={
                JSON: {
                    "service": "V",
                    "nature": "A laptop was stolen.",
                    "discovered_at": "2026-11-20T09:15:00Z",
                    "exposure": _EXPOSED,
                }
            },
            description="What is known now.",
        ),
        answer=Recorded,
        example={"id": EXAMPLE["id"]},
        problems=PROBLEMS,
        idempotent=True,
        mode=True,
    )
)
def create() -> Response:
    """A new loss; once for each Idempotency-Key."""
    return made_once(BreachWish, _enter)


@requires(Permission.BREACHES_WRITE)
@describes(
    Operation(
        id="previewBreachScope",
        summary="Compute what a loss would reach",
        description="From the ledger and the key ring, as they stand now. Nothing is stored.",
        tag="overseen",
        body=Body({JSON: ExposureWish}, {JSON: _EXPOSED}, "What was exposed, and when."),
        answer=BreachScope,
        example=EXAMPLE["scope"],
        mode=True,
    )
)
def preview() -> Response:
    """What would have been readable."""
    return answer(scope_of(_computed(read_json(ExposureWish))))


@requires(Permission.BREACHES_WRITE)
@_decision(
    "computeBreachScope",
    "Compute what a loss reached",
    "Computed now and kept with the loss, in place of what was computed before.",
    ExposureWish,
    _EXPOSED,
)
def put(breach_id: uuid.UUID) -> Response:
    """What was readable."""

    def do(work: UnitOfWork, wish: ExposureWish) -> None:
        scope = _computed(wish)
        put_scope(work, services().vault, breach_id=breach_id, scope=scope)

    return _decided(breach_id, ExposureWish, do)


@requires(Permission.BREACHES_WRITE)
@_decision(
    "assessBreach",
    "Assess the risk",
    "For people, with reasons. A high risk has a time limit to tell them (GDPR Art. 34).",
    Assessment,
    {"risk": "risk", "text": "The disk was sealed."},
)
def assess(breach_id: uuid.UUID) -> Response:
    """How bad it is for people."""

    def do(work: UnitOfWork, said: Assessment) -> None:
        vault, risk = services().vault, Risk(said.risk)
        assess_breach(work, vault, breach_id=breach_id, risk=risk, reasons=said.text)

    return _decided(breach_id, Assessment, do)


@requires(Permission.BREACHES_WRITE)
@_decision(
    "noteBreachAuthority",
    "Note that the authority was told",
    "When, under which reference, and why late where it was late.",
    AuthorityTold,
    {"text": "2026-4", "at": "2026-11-20T15:00:00Z"},
)
def authority(breach_id: uuid.UUID) -> Response:
    """The authority was told."""

    def do(work: UnitOfWork, said: AuthorityTold) -> None:
        note_authority(work, services().vault, breach_id=breach_id, at=said.at, text=said.text)

    return _decided(breach_id, AuthorityTold, do)


@requires(Permission.BREACHES_WRITE)
@_decision(
    "tellBreachPeople",
    "Have the people concerned told",
    "A mail to each who was not written to yet, after the answer. An exercise writes to nobody.",
    TellWish,
    {"audience": "people", "text": "Their accounts were on it."},
    (NotSettled, StillTelling),
)
def users(breach_id: uuid.UUID) -> Response:
    """Write to the people concerned."""

    def do(work: UnitOfWork, said: TellWish) -> None:
        vault, audience = services().vault, Audience(said.audience)
        have_users_told(work, vault, breach_id=breach_id, audience=audience, text=said.text)

    return _decided(breach_id, TellWish, do)


@requires(Permission.BREACHES_WRITE)
@_decision(
    "closeBreach",
    "Settle a loss",
    "When its risk is assessed and everybody was told. The entry stays.",
    Settling,
    {"text": "Found again."},
)
def close(breach_id: uuid.UUID) -> Response:
    """Settled."""

    def do(work: UnitOfWork, said: Settling) -> None:
        close_breach(work, services().vault, breach_id=breach_id, text=said.text)

    return _decided(breach_id, Settling, do)


def _enter(work: UnitOfWork, wish: BreachWish) -> Recorded:
    texts = {one: getattr(wish, one) for one in TEXTS}
    refuse_cards(**texts)
    said = wish.meant(work)
    if wish.exposure is not None:
        what = with_fields(said.what, scope=_computed(wish.exposure))
        said = replace(said, what=what)
    return Recorded(record_breach(work, services().vault, said))


def _computed(wish: ExposureWish) -> Scope:
    who = caller()
    return computed_scope(
        services().engines.app, actor=who.actor, tenant_id=who.tenant_id, exposure=wish.meant()
    )


def _decided(breach_id: uuid.UUID, shape: type[T], do: Callable[[UnitOfWork, T], None]) -> Response:
    """Found before anything that was sent is looked at; a test key's were never stored."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        get_breach(work, breach_id)

    def made(work: UnitOfWork, said: T) -> Recorded:
        refuse_cards(text=getattr(said, "text", ""))
        do(work, said)
        return Recorded(breach_id)

    return made_once(shape, made)
