"""What people may ask for, said yes or no to, and were told."""

import pytest

from tests.database.promises.breaks.acts import DAYS, Break, row, sql
from tests.database.promises.trials import Trial


def published(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """A notice of each of Alice's services."""
    trial.services = ("T",)
    trial.do("DELETE FROM policy_decisions", "DELETE FROM notices")
    trial.row("notices", "service = 'T', dated = current_date")


def decided(trial: Trial, patch: pytest.MonkeyPatch) -> None:
    """A decision on it."""
    published(trial, patch)
    trial.row("policy_decisions", "service = 'T', number = 1, decision = 'accepted'")
    trial.do("UPDATE policy_decisions d SET digest = n.digest, decided_at = now() FROM notices n")


BREAKS: dict[str, Break] = {
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
}
