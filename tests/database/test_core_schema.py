"""The installation fixture itself: a migrated database behind its wall."""

from tests.installations import Installation


def test_outbox_is_there_and_empty(installation: Installation) -> None:
    assert installation.count("outbox_jobs") == 0
