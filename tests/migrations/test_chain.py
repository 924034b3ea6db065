"""One chain, one head; two people who add a revision each meet in git, not in production."""

import re
from pathlib import Path

import migrations
from migrations.run import head
from tests.migrations.revisions import REVISIONS, SCRIPTS

HERE = Path(migrations.__file__).parent


def test_there_is_one_head_and_one_base() -> None:
    assert SCRIPTS.get_heads() == [head()]
    assert SCRIPTS.get_bases() == [REVISIONS[0]]


def test_the_head_is_written_down() -> None:
    """A file of one line: two branches that add a revision each conflict in it."""
    assert (HERE / "HEAD").read_text() == f"{head()}\n", "write the new head into migrations/HEAD"


def test_files_are_called_by_their_revision_in_order() -> None:
    files = sorted(path.stem for path in (HERE / "versions").glob("0*.py"))
    assert files == list(REVISIONS)
    numbers = [int(name[:4]) for name in files]
    assert numbers == list(range(1, len(files) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in files)


def test_every_revision_has_a_way_back() -> None:
    for script in SCRIPTS.walk_revisions():
        assert callable(script.module.downgrade), script.revision
        assert script.doc, script.revision
