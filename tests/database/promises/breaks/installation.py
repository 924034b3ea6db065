"""The installation's own: keys, ledger, mails, checks, sign-in, archives."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType

import pytest
from pydantic import SecretStr
from sqlalchemy import Column, MetaData, Table, Text

from privacy.core.db.declarations import LegalBasis, Personal, Retention, Subjects
from privacy.profiles import Profile, load_profiles
from privacy.profiles.sharing import Processor, Transfer
from privacy.promises import house
from tests.database.promises import archives
from tests.database.promises.breaks.acts import DAYS, Act, Break, of_house, row, sql
from tests.database.promises.trials import Trial


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


def demands_mfa(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """Alice's service demands a second factor, and everybody there has one."""
    trial.services = ("C",)
    trial.do("UPDATE users SET totp_confirmed_at = now()")


def nights(trial: Trial, _: pytest.MonkeyPatch) -> None:
    """Last night's checks, each of which was made."""
    for name in ("configuration", "stale_data"):
        trial.do(
            "INSERT INTO check_runs (tenant_id, id, name, at, passed, facts) VALUES "
            f"(:house, gen_random_uuid(), '{name}', now(), true, '{{}}')"
        )


HEARD = (
    "INSERT INTO heartbeats (part, every, seen_at) VALUES ('scheduler.x', interval '1 s', now())"
)


VERIFIED = (
    "INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, facts) VALUES "
    "(:house, gen_random_uuid(), now(), 'console:ledger:verified', 'system', "
    '\'{"links": 1, "broken": 0}\')'
)


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
    "archive_is_young": Break(
        archives.archived("2 days"), make=archives.archived("1 hour"), empty=True
    ),
    "archives_end_in_time": Break(
        archives.archived("1 hour", "37 days"),
        make=archives.archived("1 hour", "34 days"),
        empty=True,
    ),
    "drill_passed": Break(archives.drilled("failed"), make=archives.drilled("passed"), empty=True),
    "log_is_archived": Break(archives.logged(60), make=archives.logged(1), empty=True),
    "escrow_gives_the_ring": Break(archives.lose_escrow),
    "moves_are_short": Break(archives.moved(61_000), make=archives.moved(900), empty=True),
    "movers_are_gone": Break(sql("CREATE ROLE silta_mover NOLOGIN")),
    "archives_hold_no_key": Break(sql(archives.GRANTED)),
    "archives_stay": Break(archives.store_in("SE"), make=archives.store_in("DE"), empty=True),
}
