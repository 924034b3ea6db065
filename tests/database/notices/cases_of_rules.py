"""What a profile says besides: second factors, marketing, recipients, clocks, the policy itself."""

from datetime import date, timedelta

from connector.http.centre.confirmed import objections_of
from connector.outbound.failures import NotDeclared
from privacy.breaches.clocks import authority_due, users_due
from privacy.breaches.shapes import Risk
from privacy.consents.purposes import ConsentPurpose, askable
from privacy.identities.shapes import Identity
from privacy.profiles import profile
from privacy.suppressions.purposes import Sending
from tenants.tenants.second_factors import services_require_mfa
from tests.database.notices.changes import in_part, setting
from tests.database.notices.effects import (
    MOMENT,
    Case,
    announced,
    archive,
    asked_host,
    asked_to_accept,
    document,
    of_age,
    own_exchange,
    refused,
    told_to_court,
    verdict,
)

EMAIL = Identity.email("robin@example.org")


OF_RULES = (
    Case(
        "mfa",
        "T",
        setting(mfa="mandatory"),
        "Every user must have a second factor",
        lambda *_: services_require_mfa(["T"]),
        False,
        True,
    ),
    Case(
        "region",
        "C",
        lambda f: (f.update(region="germany"), f["processors"].clear())[0],
        "Data stays in Germany",
        refused(archive),
        "done",
        "store_abroad",
    ),
    Case(
        "marketing.stance",
        "V",
        in_part("marketing", stance="none", email="none"),
        "Personal data is not used for marketing",
        verdict(Sending.DIRECT_MARKETING, "V", EMAIL),
        "no_consent",
        "no_marketing",
    ),
    Case(
        "marketing.stance: calls",
        "N",
        in_part("marketing", stance="consent"),
        "You get marketing only if you agreed",
        verdict(Sending.TELEMARKETING, "N", Identity.phone("+12025550143")),
        "not_objected",
        "no_consent",
    ),
    Case(
        "marketing.objections",
        "N",
        in_part("marketing", objections=("telemarketing",)),
        "",
        lambda *_: len(objections_of(profile("N"))),
        5,
        1,
    ),
    Case(
        "cookie_policy.categories",
        "V",
        in_part("cookie_policy", categories=("functional",)),
        "",
        lambda *_: ConsentPurpose.COOKIES_ANALYTICS in askable(profile("V")),
        True,
        False,
    ),
    Case(
        "unofficial.channels",
        "V",
        in_part("unofficial", channels=("linkedin",)),
        "over LinkedIn only",
        lambda *_: ConsentPurpose.CONTACT_SKYPE in askable(profile("V")),
        True,
        False,
    ),
    Case("recipients", "N", lambda f: f["recipients"].pop(), "", asked_host, True, NotDeclared),
    Case(
        "tenant_recipients",
        "T",
        lambda f: f["tenant_recipients"].pop(0),
        "",
        own_exchange,
        True,
        NotDeclared,
    ),
    Case(
        "disclosures.grounds",
        "V",
        lambda f: f["disclosures"].update(grounds=("registry",)),
        "",
        refused(told_to_court),
        "done",
        "disclosure_not_grounded",
    ),
    Case(
        "documents.asked_for",
        "C",
        setting(documents=None),
        "",
        refused(document),
        "done",
        "invalid",
    ),
    Case(
        "registration.minimum_age",
        "V",
        in_part("registration", minimum_age=21),
        "You must be 21 years old",
        refused(of_age),
        "done",
        "invalid",
    ),
    Case(
        "breaches.authority_hours",
        "T",
        in_part("breaches", authority_hours=24),
        "told 24 hours after",
        lambda *_: authority_due(profile("T"), MOMENT) - MOMENT,
        timedelta(hours=72),
        timedelta(hours=24),
    ),
    Case(
        "breaches.users_hours",
        "V",
        in_part("breaches", users_hours=6),
        "are told 6 hours after",
        lambda *_: users_due(profile("V"), MOMENT, Risk.RISK),
        MOMENT + timedelta(hours=24),
        MOMENT + timedelta(hours=6),
    ),
    Case(
        "policy.changes",
        "T",
        in_part("policy", changes="on_publication"),
        "A change counts from its publication here",
        announced,
        1,
        0,
    ),
    Case(
        "policy.acceptance",
        "T",
        in_part("policy", acceptance="none"),
        "",
        asked_to_accept,
        True,
        False,
    ),
    Case(
        "policy.dated",
        "T",
        in_part("policy", dated=date(2026, 2, 3)),
        "3 February 2026",
        lambda *_: profile("T").policy.dated,
        date(2025, 9, 1),
        date(2026, 2, 3),
    ),
)
