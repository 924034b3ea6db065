"""The verifier for auditors agrees with the service, without knowing it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from privacy.ledger.encoding import event_digest, facts_bytes, genesis
from tests.database.ledger.ledgers import ALICE, BRUNO, Ledger, make_ledger
from tests.documentation import example
from tests.documentation.pages import DOCS
from tests.installations import Installation

PROGRAM = DOCS / "auditors" / "verify_ledger.py"
PAGE = DOCS / "auditors" / "ledger.md"


def verify(identity: str, *files: Path) -> tuple[int, str]:
    """Exit code and what it says; run outside the project, so that it imports nothing of ours."""
    command = [sys.executable, "-P", str(PROGRAM), identity, *map(str, files)]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the example: ledger, heads."""
    example.write(tmp_path)
    return tmp_path / "ledger.jsonl", tmp_path / "heads-2026-11.jsonl"


def test_it_knows_nothing_of_us() -> None:
    assert not re.search(
        r"^(from|import) (privacy|tenants|connector|jobs)", PROGRAM.read_text(), re.MULTILINE
    )


def test_the_example_is_what_the_service_makes(tmp_path: Path) -> None:
    example.write(tmp_path)
    for made in tmp_path.iterdir():
        assert (example.FOLDER / made.name).read_text() == made.read_text(), made.name


def test_the_page_tells_the_example() -> None:
    first = example.EVENTS[0]
    values = (
        genesis(example.ORIGIN, example.TENANT),
        facts_bytes(first.facts),
        event_digest(example.ORIGIN, first),
        example.chain().links[0].digest,
        example.chain().digest,
    )
    page = PAGE.read_text()
    assert [value.hex() for value in values if f"`{value.hex()}`" not in page] == []


def test_the_example_verifies(files: tuple[Path, Path]) -> None:
    said = verify(str(example.SIGNER.identity), *files)
    assert said == (0, "1 chains, 3 links: all hold.")
    assert said[1] in PAGE.read_text()


def _edit(path: Path, row: int, **change: object) -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    lines[row] |= change
    path.write_text(example.as_lines(lines))


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"event": "console:user:signed_out"}, "was changed"),
        ({"facts": {"accepted": 999}}, "was changed"),
        ({"at": "2026-11-22T09:02:00+00:00"}, "was changed"),
        ({"actor_id": None}, "was changed"),
        ({"position": 7}, "is missing"),
    ],
)
def test_it_finds_what_was_changed(
    files: tuple[Path, Path], change: dict[str, object], says: str
) -> None:
    _edit(files[0], 1, **change)
    code, said = verify(str(example.SIGNER.identity), *files)
    assert code == 1
    assert says in said


@pytest.mark.attack(58, 59)
def test_it_finds_a_cut_another_history_and_another_signer(files: tuple[Path, Path]) -> None:
    ledger, heads = files
    identity = str(example.SIGNER.identity)
    whole = ledger.read_text()
    ledger.write_text("".join(whole.splitlines(keepends=True)[:2]))
    assert "ends before position 3" in verify(identity, ledger, heads)[1]
    ledger.write_text(whole)
    _edit(heads, 0, position=2)
    assert "not signed" in verify(identity, ledger, heads)[1]
    other = f"{bytes(16).hex()}+{identity.partition('+')[2]}"
    assert verify(other, ledger, heads)[0] == 1


@pytest.mark.attack(57, 60)
def test_it_agrees_about_a_real_ledger(installation: Installation, tmp_path: Path) -> None:
    """By the query on the page, as the role that the page names."""
    ledger: Ledger = make_ledger(installation)
    ledger.record(5)
    ledger.record(3, BRUNO)
    ledger.sequence()
    ledger.record(2)
    ledger.sequence()
    query = re.search(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert query is not None
    with installation.engines.sequencer.connect() as connection:
        rows = connection.execute(text(query[1])).scalars().all()
    export = tmp_path / "ledger.jsonl"
    export.write_text(example.as_lines(list(rows)))
    heads = sorted(installation.settings.anchor_folder.glob("heads-*.jsonl"))
    assert verify(str(ledger.signer.identity), export, *heads) == (
        0,
        "2 chains, 10 links: all hold.",
    )
    ledger.tamper("UPDATE ledger_events SET event = 'x:y:z' WHERE tenant_id = :t", t=ALICE)
    with installation.engines.sequencer.connect() as connection:
        rows = connection.execute(text(query[1])).scalars().all()
    export.write_text(example.as_lines(list(rows)))
    assert "was changed" in verify(str(ledger.signer.identity), export, *heads)[1]
