"""What an upgrade says of the security configuration that it changes."""

from unittest.mock import MagicMock

import pytest
from click.testing import CliRunner

from jobs.commands.migrate import migrate
from migrations.run import head


@pytest.mark.parametrize(
    ("before", "told"), [(None, False), ("0029_systems", True), (head(), False)]
)
def test_a_migration_tells_that_the_baseline_is_to_be_accepted(
    monkeypatch: pytest.MonkeyPatch, before: str | None, told: bool
) -> None:
    monkeypatch.setattr("jobs.commands.migrate.open_installation", MagicMock())
    monkeypatch.setattr("jobs.commands.migrate.set_up", lambda _: False)
    monkeypatch.setattr("jobs.commands.migrate.current", lambda _: before)
    done = CliRunner().invoke(migrate)
    assert done.exit_code == 0
    assert ("checks configuration --accept" in done.output) is told
