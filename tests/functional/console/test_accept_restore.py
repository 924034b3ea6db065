"""`silta ledger accept-restore` is for operators, and for ledgers that lost something."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from jobs.commands import ledger as command
from privacy.backups.accept import NothingToAccept
from privacy.core.errors import Misconfigured
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.signing import load_signer
from tests.functional.console.town import Town

_CHOSEN = ["accept-restore", "--because", "restored_copy", "--by"]


def test_an_operator_is_named_and_a_loss_is_needed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = town.house.installation
    folder = installed.settings.keys_folder
    opened = SimpleNamespace(
        engines=installed.engines,
        anchors=DirectoryAnchors(installed.settings.anchor_folder),
        signer=load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None),
        vault=town.desk.ring,
        desk=town.desk,
    )
    monkeypatch.setattr(command, "open_installation", lambda: opened)
    run = CliRunner().invoke
    for nobody in ("nobody@example.com", town.alice.email):
        refused = run(command.ledger, [*_CHOSEN, nobody])
        assert isinstance(refused.exception, Misconfigured)
    answer = run(command.ledger, [*_CHOSEN, town.operator.email])
    assert isinstance(answer.exception, NothingToAccept)
    assert run(command.ledger, ["accept-restore", "--by", "x", "--because", "y"]).exit_code == 2
