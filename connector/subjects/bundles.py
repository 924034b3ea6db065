"""One person, one service, and nobody knows which tenant: a request to all of them (Art. 28(3)(e)).

It arrives at the installation and is identified there once, for one service or, where the person
cannot say which, for all. Then each tenant is asked in a unit of work of its own whether it holds
anything: where the operator is controller the request runs
there, where it is processor it goes on to the tenant with what it needs to answer, and its
administrators are told. Nobody learns which tenants hold anything before they are identified.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from connector.calls.cells import to_cell
from connector.subjects.registry import clerk_of
from privacy.core.db.work import Actor, UnitOfWork
from privacy.identities.people import Person
from privacy.mails.kinds import MailKind
from privacy.profiles import Profile, load_profiles, profile
from privacy.profiles.data import Role
from privacy.subjects.clerks import Clerk, get_request
from privacy.subjects.corrections import open_correction
from privacy.subjects.forwarding import (
    Forwarded,
    forward_here,
    mark_forwarded,
    places_to_forward,
    run_here,
)
from privacy.subjects.holders import Subject
from privacy.subjects.models import WISH
from privacy.subjects.receive import Asked
from privacy.subjects.seals import proven_person
from privacy.subjects.words import Method, RequestChannel, RequestKind
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.memberships.notify_admins import notify_admins
from tenants.tenants.list import tenant_ids
from tenants.tenants.subscribed import subscribed_services
from tenants.tenants.views import view_tenant


class _Nowhere:
    """The installation holds nobody's contacts."""

    def trace(self, work: UnitOfWork, vault: Keyring, person: Person) -> tuple[int, ...]:
        """Nothing leads anywhere."""
        return ()

    def ties(self, work: UnitOfWork, vault: Keyring, person: Person) -> bool:
        """An address proves itself alone."""
        return False


def front_clerk(
    work: UnitOfWork,
    vault: Keyring,
    *,
    service: str | None,
    sending: bool,
    names: Mapping[str, str],
) -> Clerk:
    """What use cases are given for a request to all tenants of a service.

    Args:
        work: the installation's.
        service: None for a request about every service.
        names: of the tenants that were found to hold something, for the answer.
    """
    return Clerk(
        vault=vault,
        holders=(),
        tracing=_Nowhere(),
        tenant=_signed(service),
        sending=sending,
        cell=to_cell,
        recipients=lambda *_: (),
        named=lambda *_: {},
        tenants=tuple(map(str, tenant_ids(work))),
        names=names,
    )


def _signed(service: str | None) -> str:
    """In whose name is written: the controller of a service, or each of them."""
    meant = [profile(service)] if service else load_profiles().values()
    return ", ".join(dict.fromkeys(one.controller.name for one in meant))


def is_processor(one: Profile) -> bool:
    """Whether a request about a service's data goes on to the tenant."""
    return any(kind.role is Role.PROCESSOR for kind in one.data)


def spread_request(
    desk: Desk, *, actor: Actor, request_id: uuid.UUID, sending: bool
) -> dict[str, str]:
    """Ask each tenant that was not asked yet; killed anywhere, it is simply called again.

    Returns:
        The names of the tenants that hold something, by their ids.
    """
    with desk.installation(actor) as work:
        row = get_request(work, request_id)
        person = proven_person(work, desk.ring, row)
        wish = WISH.open(work, desk.ring, row.id, row.wish_sealed) if row.wish_sealed else b""
        asked = Asked(
            kind=RequestKind(row.kind),
            channel=RequestChannel(row.channel),
            person=person,
            service=row.service,
            country=None if row.every_service else row.country,
            language=row.language,
            received_at=row.received_at,
            wish=wish.decode(),
            correction=open_correction(work, desk.ring, row),
            bundle_id=row.id,
            every_service=row.every_service,
        )
        forwarded = Forwarded(
            asked, tuple(row.proven), row.reference, Method(row.method or Method.CODE)
        )
        places = places_to_forward(work, request_id)
    for place, tenant_id in places:
        found = _ask_tenant(desk, actor, uuid.UUID(tenant_id), forwarded, sending=sending)
        with desk.installation(actor) as work:
            mark_forwarded(work, request_id=request_id, place=place, found=found)
    return _names(desk, actor, request_id)


def _ask_tenant(
    desk: Desk, actor: Actor, tenant_id: uuid.UUID, forwarded: Forwarded, *, sending: bool
) -> int:
    """How many records the tenant holds; the request is there then, once."""
    with desk.tenant(tenant_id, actor) as work:
        service = meant_service(forwarded.asked, subscribed_services(work))
        if service is None:
            return 0
        here = replace(forwarded.asked, service=service, every_service=False)
        forwarded = replace(forwarded, asked=here)
        clerk = clerk_of(work, desk.ring, sending=sending)
        subject = Subject(forwarded.asked.person)
        found = sum(one.find(work, desk.ring, subject) for one in clerk.holders)
        if not found:
            return 0
        if not is_processor(profile(service)):
            run_here(work, clerk, forwarded)
            return found
        due = forward_here(work, clerk, forwarded)
    if due is not None:
        values = {
            "tenant": clerk.tenant,
            "reference": forwarded.reference,
            "kind": forwarded.asked.kind.value.replace("_", " "),
            "due": due.isoformat(),
            "link": f"{desk.public_url}/subject-requests",
        }
        notice = MailKind.SUBJECT_FORWARDED
        notify_admins(desk, tenant_id=tenant_id, actor=actor, notice=notice, values=values)
    return found


def meant_service(asked: Asked, subscribed: Sequence[str]) -> str | None:
    """Under which of its services a tenant answers; None where it has none that is meant.

    Of all services it is one for which the tenant is controller, if there is one: what is held
    for it is not ours to decide on (Art. 28(3)(e)).
    """
    if not asked.every_service:
        return asked.service if asked.service in subscribed else None
    own = [key for key in subscribed if is_processor(profile(key))]
    return next(iter([*own, *subscribed]), None)


def _names(desk: Desk, actor: Actor, request_id: uuid.UUID) -> dict[str, str]:
    with desk.installation(actor) as work:
        asked = places_to_forward(work, request_id, found=True)
    named = {}
    for _, tenant_id in asked:
        with desk.tenant(uuid.UUID(tenant_id), actor) as work:
            named[tenant_id] = view_tenant(desk.ring, work).name
    return named
