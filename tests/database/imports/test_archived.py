"""Archives of an exchange's files: each is imported, and a bad archive leaves nothing."""

import io
import tarfile
from pathlib import Path

import pytest

from connector.accounts.kinds import AccountKind
from connector.imports.archived import files_in
from privacy.core.archives.refusals import ArchiveRefused
from tests.database.imports.test_import import rows, take
from tests.tenancies import House


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as into:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            into.addfile(entry, io.BytesIO(content))
    return path


def test_every_file_of_an_archive_is_imported(house: House, tmp_path: Path) -> None:
    account = house.alice.account(AccountKind.ASTERISK)
    rotated = {"Master.csv.1": rows(1, 4), "Master.csv": rows(5, 9)}
    with files_in(archive(tmp_path / "logs.tar.gz", rotated)) as files:
        done = [take(house, account.id, file.read_bytes()) for file in files]
    assert sum(each.accepted for each in done) == house.installation.count("calls")
    assert sum(each.accepted for each in done) > 5
    assert [path.name for path in tmp_path.iterdir() if "import" in path.name] == []


def test_a_plain_file_is_itself(tmp_path: Path) -> None:
    plain = tmp_path / "Master.csv"
    plain.write_bytes(rows(1, 3))
    with files_in(plain) as files:
        assert files == [plain]


@pytest.mark.attack(49)
def test_an_archive_that_leads_elsewhere_leaves_nothing(tmp_path: Path) -> None:
    bad = archive(tmp_path / "logs.tar.gz", {"Master.csv": b"x", "../Master.csv": b"theirs"})
    with pytest.raises(ArchiveRefused), files_in(bad):
        pass
    assert list(tmp_path.iterdir()) == [bad]
