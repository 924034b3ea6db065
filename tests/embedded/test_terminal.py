"""What `silta dev` shows: steps, and the errors of its children, not their chatter."""

import io
from pathlib import Path

import pytest

from jobs.embedded.followers import LogFollower
from jobs.embedded.processes import last_error
from jobs.embedded.progress import Progress

CHATTER = '{"level": "info", "event": "fine"}\nplain text\n{not json\n'
ERROR = '{"level": "error", "event": "bad"}\n'
TRACEBACK = "Traceback (most recent call last):\n  File ...\n    raise X\nX: why\n"


def test_follows_errors_only_and_only_new_ones(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(ERROR)
    follower = LogFollower(log)
    with log.open("a") as file:
        file.write(CHATTER + ERROR + TRACEBACK + CHATTER + ERROR.rstrip())
    found = follower.errors()
    assert found == [ERROR.strip(), *TRACEBACK.splitlines()]
    with log.open("a") as file:
        file.write("\n")
    assert follower.errors() == [ERROR.strip()]
    assert follower.errors() == []


def test_bounds_what_it_shows_and_survives_a_rotation(tmp_path: Path) -> None:
    log = tmp_path / "log"
    follower = LogFollower(log)
    assert follower.errors() == []
    log.write_text(ERROR * 50)
    assert follower.errors()[-1] == "… and 30 more lines"
    log.write_text(ERROR)
    assert follower.errors() == [ERROR.strip()]


def test_writes_plain_lines_and_marks_failure() -> None:
    out = io.StringIO()
    progress = Progress(out)
    with progress.step("Tables") as note:
        note.text = "7 made"
    with pytest.raises(ValueError, match="no"), progress.step("Keys"):
        raise ValueError("no")
    assert out.getvalue().splitlines() == ["  ✓ Tables: 7 made", "  ✗ Keys"]


def test_writes_to_a_terminal_that_knows_no_marks() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    with Progress(out).step("Tables"):
        pass
    assert raw.getvalue() == b"  ? Tables\n"


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ('{"process": "web", "event": "request", "level": "info", "status": 200}', False),
        ("plain text", False),
        (ERROR.strip(), True),
        ("silta: the keys are of another database", True),
        ("MemoryError", True),
        ("sqlalchemy.exc.OperationalError: the server is gone", True),
    ],
)
def test_a_process_ended_for_its_last_line_only_if_that_is_an_error(
    tmp_path: Path, last: str, reason: bool
) -> None:
    log = tmp_path / "log"
    log.write_text(f"{CHATTER}{last}\n")
    assert last_error(log) == (last if reason else "")
