"""How each promise is broken on purpose: what is made first, and what is done to it then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pytest
from pydantic import SecretStr
from sqlalchemy import Column, MetaData, Table, Text

from connector.contacts import write
from connector.promises import pages
from connector.synced.shapes import Contact
from privacy.core.db.declarations import LegalBasis, Personal, Retention, Subjects
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.profiles import Profile, load_profiles
from privacy.profiles.sharing import Processor, Transfer
from privacy.promises import house
from privacy.promises.probes import Visited
from tests.database.promises import archives
from tests.database.promises.trials import Trial

Act = Callable[[Trial, pytest.MonkeyPatch], object]


@dataclass(frozen=True)
class Break:
    """Made first; then broken. `empty`: before it, there is nothing to look at."""

    act: Act
    make: Act = field(default=lambda _, __: None)
    empty: bool = False
    of_house: bool = False


def sql(*statements: str) -> Act:
    """Break by SQL, as whoever gets past the service would."""
    return lambda trial, _: trial.do(*statements)


def row(table: str, *changes: str) -> Act:
    """A made-up row."""
    return lambda trial, _: trial.row(table, *changes)


def of_house(table: str, *changes: str) -> Act:
    """A made-up row of the installation's own."""
    return lambda trial, _: trial.row(table, *changes, tenant=INSTALLATION_ID)


def profiles(change: Callable[[Profile], dict[str, object]]) -> Act:
    """Every profile as a file without its checks would have it."""

    def act(_: Trial, patch: pytest.MonkeyPatch) -> None:
        changed = {k: one.model_copy(update=change(one)) for k, one in load_profiles().items()}
        patch.setattr(house, "load_profiles", lambda: MappingProxyType(changed))

    return act


def _outside(country: str, transfer: Transfer) -> Processor:
    return Processor.model_construct(
        name="Elsewhere", role="r", country=country, transfers=(transfer,), runs="server",
        statement_url="https://example.com", agreement_url="https://example.com", fields=(),
    )  # fmt: skip


def unsafe_redis(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """Redis at another host, in the clear."""
    url = SecretStr("redis://cache.example.com:6379/0")
    trial.settings = trial.settings.model_copy(update={"redis_url": url})


def foreign_purpose(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """A column for a purpose that no profile names."""
    holds = Personal(
        "user",
        "advertising",  # type: ignore[arg-type]
        LegalBasis.CONTRACT,
        Retention.CALLS,
        Subjects.CUSTOMERS,
    )
    trial.metadata = MetaData()
    Table("t", trial.metadata, Column("c", Text, info={"holds": holds}))


def page(
    *, status: int = 200, cookies: tuple[str, ...] = (), policy: str = "", body: str = ""
) -> Act:
    """Every page answers so."""

    def act(trial: Trial, _: pytest.MonkeyPatch) -> None:
        trial.page = Visited(status, cookies, policy, body)

    return act


def form_of(service: str) -> Act:
    """Alice's form belongs to this service."""
    return sql(f"UPDATE web_forms SET service = '{service}' WHERE tenant_id = :alice")


def demands_mfa(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """Alice's service demands a second factor, and everybody there has one."""
    trial.services = ("C",)
    trial.do("UPDATE users SET totp_confirmed_at = now()")


def card_number(trial: Trial, patch: pytest.MonkeyPatch) -> None:
    """A contact with a card's number in it, past the door that refuses it."""
    patch.setattr(write, "check_contact", lambda *_, **__: None)
    with trial.work_of(trial.alice) as work:
        entry = write.Entry(Contact(name="4111 1111 1111 1111"))
        write.create_contact(work, vault=trial.vault, entry=entry)


def nights(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """Last night's checks, each of which was made."""
    for name in ("configuration", "stale_data"):
        trial.do(
            "INSERT INTO check_runs (tenant_id, id, name, at, passed, facts) VALUES "
            f"(:house, gen_random_uuid(), '{name}', now(), true, '{{}}')"
        )


def published(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """A notice of each of Alice's services."""
    trial.services = ("T",)
    trial.do("DELETE FROM policy_decisions", "DELETE FROM notices")
    trial.row("notices", "service = 'T', dated = current_date")


def counts_of(calls: int) -> Act:
    """Alice publishes so many calls of a month."""
    body = f'{{"cells": [{{"month": "2026-10", "direction": "inbound", "calls": {calls}}}]}}'

    def act(trial: Trial, patch: pytest.MonkeyPatch) -> None:
        trial.do("UPDATE tenants SET publishes_statistics = true WHERE tenant_id = :alice")
        page(body=body)(trial, patch)

    return act


def decided(trial: Trial, patch: pytest.MonkeyPatch) -> None:
    """A decision on it."""
    published(trial, patch)
    trial.row("policy_decisions", "service = 'T', number = 1, decision = 'accepted'")
    trial.do("UPDATE policy_decisions d SET digest = n.digest, decided_at = now() FROM notices n")


DAYS = "now() - interval '40 days'"
HEARD = (
    "INSERT INTO heartbeats (part, every, seen_at) VALUES ('scheduler.x', interval '1 s', now())"
)
VERIFIED = (
    "INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, facts) VALUES "
    "(:house, gen_random_uuid(), now(), 'console:ledger:verified', 'system', "
    '\'{"links": 1, "broken": 0}\')'
)
CALLS_OF_OLD = "CREATE TABLE calls_of_old PARTITION OF calls DEFAULT"

BREAKS: dict[str, Break] = {
    "usage_names_no_user": Break(sql("ALTER TABLE session_usages ADD COLUMN user_id uuid")),
    "undeclared_columns": Break(sql("ALTER TABLE contacts ADD COLUMN nickname text")),
    "purposes_are_listed": Break(foreign_purpose),
    "day_keys_end": Break(sql("UPDATE key_ring SET day = day - 90 WHERE kind = 'day'")),
    "epoch_is_young": Break(sql(f"UPDATE key_epochs SET created_at = {DAYS}")),
    "policies_are_dated": Break(
        profiles(
            lambda one: {"policy": one.policy.model_copy(update={"next_review": date(2020, 1, 1)})}
        )
    ),
    "processors_have_footing": Break(
        profiles(lambda _: {"processors": (_outside("US", Transfer.EU_SHIELD),)})
    ),
    "data_stays": Break(profiles(lambda _: {"processors": (_outside("US", Transfer.CLAUSES),)})),
    "traffic_is_protected": Break(unsafe_redis),
    "keys_open": Break(sql("UPDATE key_check SET proof = 'x'")),
    "parts_are_heard": Break(
        sql(f"UPDATE heartbeats SET seen_at = {DAYS}"), make=sql(HEARD), empty=True
    ),
    "ledger_is_chained": Break(
        sql(f"UPDATE ledger_events SET at = {DAYS}"), make=row("ledger_links"), empty=True
    ),
    "ledger_is_verified": Break(
        sql(f"UPDATE ledger_events SET at = {DAYS} WHERE event = 'console:ledger:verified'"),
        make=sql(VERIFIED),
        empty=True,
    ),
    "mails_have_purposes": Break(
        row("mails", "kind = 'newsletter'"), make=row("mails", "kind = 'invitation'")
    ),
    "mails_end": Break(row("mails", f"expires_at = {DAYS}"), make=row("mails")),
    "access_in_time": Break(
        row("subject_requests", "kind = 'access', state = 'running', due_on = current_date - 1"),
        make=row(
            "subject_requests", "kind = 'access', state = 'running', due_on = current_date + 1"
        ),
    ),
    "erasure_in_time": Break(
        row("subject_requests", "kind = 'erasure', state = 'running', due_on = current_date - 1"),
        make=row(
            "subject_requests", "kind = 'erasure', state = 'running', due_on = current_date + 1"
        ),
    ),
    "correction_in_time": Break(
        row(
            "subject_requests",
            "kind = 'rectification', state = 'received', due_on = current_date - 1",
        ),
        make=row("subject_requests", "kind = 'rectification', due_on = current_date + 1"),
    ),
    "objections_in_time": Break(
        row(
            "subject_requests", "kind = 'objection', state = 'verifying', due_on = current_date - 1"
        ),
        make=row("subject_requests", "kind = 'objection', due_on = current_date + 1"),
        empty=True,
    ),
    "kept_with_reason": Break(
        row("subject_steps", "state = 'retained', because = NULL"),
        make=row("subject_steps", "state = 'retained', because = 'claims'"),
        empty=True,
    ),
    "refusals_are_sent": Break(
        row(
            "subject_requests",
            f"state = 'refused', ground = 'excessive', closed_at = NULL, decided_at = {DAYS}",
        ),
        make=row("subject_requests", "state = 'refused', ground = 'excessive', decided_at = now()"),
        empty=True,
    ),
    "identified_first": Break(
        row("subject_requests", "state = 'running', ground = NULL, verified_at = NULL"),
        make=row("subject_requests", "state = 'running', ground = NULL, verified_at = now()"),
    ),
    "objections_are_honoured": Break(sql("DELETE FROM suppressions WHERE tenant_id = :alice")),
    "consents_are_askable": Break(
        sql("UPDATE consents SET service = 'C', purpose = 'direct_marketing'")
    ),
    "cookie_choices_are_askable": Break(
        row("consents", "service = 'C', purpose = 'cookies_advertising'"),
        make=row("consents", "service = 'V', purpose = 'cookies_advertising'"),
        empty=True,
    ),
    "footings_count": Break(sql("UPDATE processors SET transfer_valid_until = current_date")),
    "changes_were_announced": Break(
        sql("UPDATE processors SET state = 'active', objected_at = now()")
    ),
    "disclosures_are_grounded": Break(sql("UPDATE disclosures SET ground = 'agreement'")),
    "disclosures_say_everything": Break(
        sql("UPDATE disclosures SET said_sealed = said_sealed || '\\x00'::bytea")
    ),
    "processors_are_inside": Break(sql("UPDATE processors SET country = 'US'")),
    "breaches_are_in_time": Break(
        sql("UPDATE breaches SET authority_due_at = now() - interval '1 hour'")
    ),
    "advice_is_fresh": Break(
        sql(f"UPDATE check_runs SET at = {DAYS}"),
        make=of_house("check_runs", "name = 'advisories_python', at = now()"),
    ),
    "advisories_are_settled": Break(
        of_house("advisories", "outcome = 'open', owner_id = NULL", f"first_seen_at = {DAYS}"),
        make=of_house("advisories", "outcome = 'open', due_on = current_date + 3"),
        of_house=True,
    ),
    "configuration_is_accepted": Break(
        sql("UPDATE check_runs SET facts = '{\"drifts\": 2}'"),
        make=of_house("check_runs", "name = 'configuration', at = now()"),
        empty=True,
    ),
    "checks_are_made": Break(
        sql("UPDATE check_runs SET at = now() - interval '3 days' WHERE name = 'stale_data'"),
        make=nights,
        empty=True,
    ),
    "findings_are_decided": Break(
        row("stale_findings", "decision = NULL", f"found_at = {DAYS}"),
        make=row("stale_findings", "decision = NULL, found_at = now()"),
    ),
    "doubtful_contacts_are_found": Break(
        sql(f"UPDATE contacts SET doubts = 4, changed_at = {DAYS}"),
    ),
    "orders_are_carried_out": Break(
        row(
            "subject_requests",
            "state = 'running', ground = NULL, ordered_at = now(), due_on = current_date - 1",
            "closed_at = NULL",
        ),
        make=row(
            "subject_requests",
            "state = 'running', ground = NULL, ordered_at = now(), due_on = current_date + 9",
            "closed_at = NULL",
        ),
    ),
    "decisions_are_of_published_versions": Break(
        sql("UPDATE policy_decisions SET digest = 'another'"),
        make=decided,
        empty=True,
    ),
    "notices_are_published": Break(
        sql("UPDATE notices SET dated = current_date + 400"),
        make=published,
    ),
    "seals_look_sealed": Break(
        sql("UPDATE contacts SET sealed = 'Robin Example' || sealed::text::bytea")
    ),
    "passwords_are_hashed": Break(sql("UPDATE users SET password_sealed = 'secret'")),
    "sessions_end": Break(
        of_house("sign_in_sessions", f"ended_at = NULL, expires_at = {DAYS}"),
        make=of_house(
            "sign_in_sessions", "created_at = now(), expires_at = now() + interval '1 day'"
        ),
        of_house=True,
    ),
    "members_have_second_factors": Break(
        sql(f"UPDATE users SET totp_confirmed_at = NULL, password_changed_at = {DAYS}"),
        make=demands_mfa,
        empty=True,
    ),
    "closed_credentials_open_nothing": Break(
        sql("UPDATE users SET password_sealed = NULL"),
        make=sql("UPDATE users SET must_change_password = true"),
        empty=True,
        of_house=True,
    ),
    "limits_are_counted": Break(
        of_house("attempt_counts", f"expires_at = {DAYS}"),
        make=of_house("attempt_counts"),
        of_house=True,
    ),
    "records_have_groups": Break(
        sql(
            "ALTER TABLE invoices DROP CONSTRAINT ck_invoices_subject_group",
            "UPDATE invoices SET subject_group = 'everybody'",
        )
    ),
    "numbers_are_validated": Break(
        sql("UPDATE contacts SET doubts = 0 WHERE tenant_id = :alice"),
    ),
    "records_have_sources": Break(
        sql("UPDATE contacts SET source = 'public_source', source_name = ''")
    ),
    "no_card_numbers": Break(card_number),
    "subscriptions_are_declared": Break(sql("UPDATE subscriptions SET version = version + 1")),
    "holds_end": Break(
        row("invoices", "state = 'held', hold_until = current_date - 30"),
        make=row("invoices", "state = 'held', hold_until = current_date + 30"),
        empty=True,
    ),
    "calls_are_declared": Break(sql("UPDATE calls SET version = version + 1")),
    "documents_have_calls": Break(sql("DELETE FROM calls")),
    "calls_end": Break(sql(CALLS_OF_OLD, "UPDATE calls SET day = day - 40")),
    "tallies_count_only": Break(sql("ALTER TABLE call_tallies ADD COLUMN caller text")),
    "web_inquiries_are_logged": Break(
        sql("DELETE FROM inquiry_logs"),
        make=sql("UPDATE inquiries SET form_id = gen_random_uuid()"),
        empty=True,
    ),
    "registrations_are_declared": Break(
        sql("UPDATE registrants SET details_version = details_version + 1")
    ),
    "inquiries_are_threads": Break(sql("DELETE FROM inquiry_messages")),
    "forms_ask_declared_fields": Break(sql("UPDATE web_forms SET fields = '{name,religion}'")),
    "checks_are_recorded": Break(sql("DELETE FROM registration_checks")),
    "threads_end": Break(sql("UPDATE inquiries SET ends_on = current_date - 1")),
    "closed_accounts_are_closed": Break(
        sql("UPDATE registrants SET password_sealed = details_sealed"),
        make=sql(
            "UPDATE registrants SET state = 'closed', password_sealed = NULL, "
            "ends_on = current_date + 90"
        ),
        empty=True,
    ),
    "registrations_agreed": Break(
        sql("DELETE FROM registrant_agreements"),
        make=sql(
            "INSERT INTO registrant_agreements (tenant_id, id, registrant_id, term, term_version, "
            "evidence_sealed, accepted_at) SELECT tenant_id, gen_random_uuid(), registrant_id, "
            "u.term, '1', evidence_sealed, accepted_at FROM registrant_agreements, "
            "unnest(ARRAY['conditions', 'service_level']) AS u (term)"
        ),
    ),
    "registered_people_accepted": Break(sql("UPDATE registrant_agreements SET term_version = ''")),
    "unofficial_with_consent": Break(
        sql("UPDATE inquiries SET ends_on = current_date + 400"),
        make=sql(
            "UPDATE inquiries SET channel = 'unofficial', channel_name = 'skype', "
            "consent_at = now(), ends_on = current_date + 30"
        ),
        empty=True,
    ),
    "archive_is_young": Break(
        archives.archived("2 days"), make=archives.archived("1 hour"), empty=True
    ),
    "archives_end_in_time": Break(
        archives.archived("1 hour", "37 days"),
        make=archives.archived("1 hour", "34 days"),
        empty=True,
    ),
    "drill_passed": Break(archives.drilled("failed"), make=archives.drilled("passed"), empty=True),
    "escrow_gives_the_ring": Break(archives.lose_escrow),
    "archives_hold_no_key": Break(sql(archives.GRANTED)),
    "archives_stay": Break(archives.store_in("SE"), make=archives.store_in("DE"), empty=True),
    "sign_in_is_open": Break(page(status=500)),
    "small_counts_are_suppressed": Break(counts_of(3), make=counts_of(120)),
    "cookies_are_declared": Break(page(cookies=("tracker",)), make=form_of("V")),
    "forms_set_no_cookies": Break(page(cookies=("silta_form",)), make=form_of("C"), empty=True),
    "nothing_from_elsewhere": Break(
        page(policy=pages.__name__, body='<script src="https://cdn.example.com/a.js"></script>')
    ),
    "doors_stay_shut": Break(page(policy="default-src 'none'")),
    "ended_subscriptions_end": Break(
        row("service_subscriptions", f"state = 'ending', ends_at = {DAYS}"),
        make=row("service_subscriptions", "state = 'ending', ends_at = now() + interval '1 day'"),
    ),
    "recipients_are_declared": Break(
        sql("UPDATE connector_accounts SET service = 'C' WHERE tenant_id = :alice")
    ),
    "endpoints_are_allowed": Break(
        sql("UPDATE webhook_endpoints SET url_version = url_version + 1")
    ),
}
