"""Probes of pages, visited as a stranger would: cookies, foreign things, doors that stay shut."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.promises.outcomes import Finding, Outcome, judge, untestable
from privacy.promises.probes import InstallationProbe, Premises, Probe, TenantProbe, Visited

PUBLIC: Final = ("/sign-in", "/forgotten-password")
CLOSED: Final = (
    *("/overview", "/calls", "/contacts", "/invoices", "/inquiries", "/accounts", "/people"),
    *("/ledger", "/consents", "/objections", "/subjects", "/api-keys", "/tenants", "/jobs"),
    *("/api/v1/calls", "/api/v1/contacts", "/api/v1/consents"),
)
"""Pages that nobody sees without signing in, or without a key."""
_FORMS = text(
    "SELECT key, service, purpose FROM web_forms WHERE tenant_id = :tenant AND closed_at IS NULL "
    "ORDER BY created_at DESC LIMIT 20"
)
FORMS: Final = {"inquiry": "/f/{}", "registration": "/f/{}/register"}
"""Where strangers meet a form, by its purpose."""
_ELSEWHERE: Final = re.compile(
    r"<(?:script|img|iframe|link|source)\b[^>]*(?:src|href)=\"https?:", re.IGNORECASE
)
_WILD: Final = re.compile(r"(?:script|style|img|connect|frame|font|default)-src[^;]*(?:https?:|\*)")


def _forms(work: UnitOfWork, premises: Premises) -> Iterator[tuple[str, Visited]]:
    """Each open form of the tenant's: its service, and its page as a stranger gets it."""
    for form in work.connection.execute(_FORMS, {"tenant": work.tenant_id}).all():
        yield form.service, premises.visit(FORMS[form.purpose].format(form.key))


def forms_set_no_cookies(work: UnitOfWork, premises: Premises) -> Finding:
    """Of services that promise none."""
    visits = [
        page
        for service, page in _forms(work, premises)
        if profile(service).cookie_policy.stance == "none"
    ]
    return judge(seen=len(visits), wrong=sum(bool(page.cookies) for page in visits))


def cookies_are_declared(work: UnitOfWork, premises: Premises) -> Finding:
    """Of services that ask by category: nothing but what is declared as essential."""
    seen = wrong = 0
    for service, page in _forms(work, premises):
        said = profile(service)
        if said.cookie_policy.stance != "by_category":
            continue
        essential = {one.name for one in said.cookies if one.category == "essential"}
        seen, wrong = seen + 1, wrong + bool(set(page.cookies) - essential)
    return judge(seen=seen, wrong=wrong)


def nothing_from_elsewhere(work: UnitOfWork, premises: Premises) -> Finding:
    """Pages with forms load nothing from others, and forbid browsers to."""
    visits = [page for _, page in _forms(work, premises)]
    return judge(seen=len(visits), wrong=sum(map(_loads_elsewhere, visits)))


def _loads_elsewhere(page: Visited) -> bool:
    forbids = "default-src 'none'" in page.policy and not _WILD.search(page.policy)
    return page.status != 200 or not forbids or _ELSEWHERE.search(page.body) is not None


def sign_in_is_open(premises: Premises) -> Finding:
    """People can get at their own accounts at this moment."""
    pages = [premises.visit(path) for path in PUBLIC]
    return judge(seen=len(pages), wrong=sum(page.status != 200 for page in pages))


def doors_stay_shut(premises: Premises) -> Finding:
    """A stranger sees no page with data: each leads to the sign-in, or is refused."""
    pages = [premises.visit(path) for path in CLOSED]
    known = [page for page in pages if page.status != 404]
    if not known:
        return untestable("no such pages")
    open_ones = [page for page in known if page.status < 300]
    finding = judge(seen=len(known), wrong=len(open_ones))
    return finding if finding.outcome is Outcome.BROKEN else _with_policy(finding, known)


def _with_policy(finding: Finding, pages: list[Visited]) -> Finding:
    bare = sum(not page.policy for page in pages)
    return judge(seen=len(pages), wrong=bare) if bare else finding


PROBES: tuple[Probe, ...] = (
    InstallationProbe("C8", "sign_in_is_open", sign_in_is_open),
    TenantProbe("D4", "cookies_are_declared", cookies_are_declared),
    TenantProbe("D5", "forms_set_no_cookies", forms_set_no_cookies),
    TenantProbe("D7", "nothing_from_elsewhere", nothing_from_elsewhere),
    InstallationProbe("F9", "doors_stay_shut", doors_stay_shut),
)
