"""`silta move …` in this process."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs.commands import moves
from jobs.embedded.environments import write_environment
from privacy.moves.sides import URLS
from tests.moves.moving_houses import Moving
from wsgi import main


class Silta:
    """With the old side's settings, and a file of the new side's."""

    def __init__(
        self, moving: Moving, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._patch, self._capsys = patch, capsys
        self.target: Path = moving.installed.folder / "new.env"
        self.variables = {
            f"SILTA_{name.upper()}": getattr(moving.new, name).get_secret_value() for name in URLS
        }
        self.write()
        patch.setattr(moves, "open_installation", lambda: moving.opened(moving.old))

    def write(self, **changed: str) -> None:
        """The file, as an operator keeps it."""
        write_environment(self.target, self.variables | changed)

    def __call__(self, *words: str, code: int = 0) -> str:
        """What it says."""
        self._patch.setattr(sys, "argv", ["silta", "move", *words, "--to", str(self.target)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert ended.value.code == code, said.out + said.err
        return said.out + said.err

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """What it answers to a script."""
        said: dict[str, Any] = json.loads(self(*words, "--json", code=code))
        return said
