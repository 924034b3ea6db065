"""How long a system is left alone."""

from datetime import timedelta

from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    SystemFailure,
    TransientFailure,
)
from connector.syncs.backoff import SHORTEST, pause_after
from connector.syncs.run_account import worst_of


def test_pauses_double_up_to_their_kinds_longest() -> None:
    transient = [pause_after(TransientFailure(log=""), failures=n) for n in range(1, 10)]
    assert transient[:3] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert transient[-1] == timedelta(hours=1)
    assert pause_after(ConfigurationFailure(log=""), failures=99) == timedelta(hours=24)
    assert pause_after(SystemFailure(log=""), failures=99) == timedelta(hours=6)
    assert min(transient) >= SHORTEST


def test_what_the_other_side_asks_for_is_the_least() -> None:
    asks = TransientFailure(log="", retry_after=7200.0)
    assert pause_after(asks, failures=1) == timedelta(hours=2)
    assert pause_after(TransientFailure(log="", retry_after=1.0), failures=1) >= SHORTEST


def test_the_credential_counts_before_everything_else() -> None:
    certain = ConfigurationFailure(log="", credential=CredentialDoubt.CERTAIN)
    possible = ConfigurationFailure(log="", credential=CredentialDoubt.POSSIBLE)
    waits = TransientFailure(log="", retry_after=5.0)
    plain = TransientFailure(log="")
    assert worst_of([plain, waits, possible, certain]) is certain
    assert worst_of([plain, waits]) is waits
    assert worst_of([]) is None
