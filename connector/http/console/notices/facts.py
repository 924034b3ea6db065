"""A service's notice as the console tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.http.centre.keys import centre_key
from connector.notices.publish import organisation_of, rules_of
from privacy.acceptances.decide import Decided, standing_decision
from privacy.acceptances.pending import pending_decisions
from privacy.core.db.work import UnitOfWork
from privacy.notices.publish import newest
from privacy.notices.read import NoticeView, current_notice
from privacy.profiles import Profile
from privacy.vault.keyring import Keyring
from tenants.tenants.profiles import changes_of


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One line of the page."""

    rules: Profile
    view: NoticeView
    decided: Decided | None
    pending: bool
    derived: bool
    centre: str

    @property
    def asks(self) -> bool:
        """Whether the service asks for a decision at all."""
        return self.rules.policy.acceptance != "none"


def notices_of(work: UnitOfWork, vault: Keyring) -> Sequence[NoticeFacts]:
    """Those of the bound tenant's services."""
    rules = rules_of(work)
    waiting = {row.service for row in pending_decisions(work, rules)}
    return [_facts(work, vault, one, pending=one.key in waiting) for one in rules]


def _facts(work: UnitOfWork, vault: Keyring, rules: Profile, *, pending: bool) -> NoticeFacts:
    view = current_notice(work, vault, rules=rules, organisation=organisation_of(work, vault))
    row = newest(work, rules.key)
    return NoticeFacts(
        rules=rules,
        view=view,
        decided=standing_decision(work, row) if row is not None else None,
        pending=pending,
        derived=not changes_of(work, rules.key).nothing,
        centre=centre_key(work.tenant_id),
    )
