"""Records, calls, inquiries and registrations; pages, and who is asked outside."""

import pytest

from connector.contacts import write
from connector.promises import pages
from connector.synced.shapes import Contact
from privacy.promises.probes import Visited
from tests.database.promises.breaks.acts import DAYS, Act, Break, row, sql
from tests.database.promises.trials import Trial


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


def card_number(trial: Trial, patch: pytest.MonkeyPatch) -> None:
    """A contact with a card's number in it, past the door that refuses it."""
    patch.setattr(write, "check_contact", lambda *_, **__: None)
    with trial.work_of(trial.alice) as work:
        entry = write.Entry(Contact(name="4111 1111 1111 1111"))
        write.create_contact(work, vault=trial.vault, entry=entry)


def counts_of(calls: int) -> Act:
    """Alice publishes so many calls of a month."""
    body = f'{{"cells": [{{"month": "2026-10", "direction": "inbound", "calls": {calls}}}]}}'

    def act(trial: Trial, patch: pytest.MonkeyPatch) -> None:
        trial.do("UPDATE tenants SET publishes_statistics = true WHERE tenant_id = :alice")
        page(body=body)(trial, patch)

    return act


CALLS_OF_OLD = "CREATE TABLE calls_of_old PARTITION OF calls DEFAULT"


BREAKS: dict[str, Break] = {
    "findings_are_decided": Break(
        row("stale_findings", "decision = NULL", f"found_at = {DAYS}"),
        make=row("stale_findings", "decision = NULL, found_at = now()"),
    ),
    "doubtful_contacts_are_found": Break(
        sql(f"UPDATE contacts SET doubts = 4, changed_at = {DAYS}"),
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
