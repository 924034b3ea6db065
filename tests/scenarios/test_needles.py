"""The search itself finds what it is for: without this, finding nothing would prove nothing."""

import base64
import secrets
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.scenarios.needles import Needles, files_below

TEXT = "Zoë+kanarie@example.com"
NEEDLES = Needles({"mail": TEXT, "key": bytes(range(200, 232)), "number": "12025550147"})


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("behind", range(3))
def test_every_form_is_found_at_every_alignment(before: int, behind: int) -> None:
    raw = TEXT.encode()
    around = secrets.token_bytes(before) + raw + secrets.token_bytes(behind)
    written = [
        around,
        around.hex().encode(),
        around.hex().upper().encode(),
        base64.b64encode(around),
        base64.urlsafe_b64encode(around),
        quote(TEXT, safe="").encode(),
        "".join(f"%{octet:02x}" for octet in raw).encode(),
        b"-" * before + TEXT.encode("utf-16-le"),
        b"-" * before + TEXT.encode("utf-16-be"),
    ]
    for each in written:
        noise = secrets.token_bytes(1 << 12)
        assert any(n.startswith("mail") for n in NEEDLES.in_bytes(noise + each + noise)), each


def test_raw_keys_are_found_and_noise_is_not() -> None:
    key = bytes(range(200, 232))
    assert NEEDLES.in_bytes(b"-" + key) == {"key (plain)"}
    assert NEEDLES.in_bytes(base64.b64encode(b"==" + key)) == {"key (base64)"}
    assert NEEDLES.in_bytes(secrets.token_bytes(1 << 20)) == set()


def test_what_redis_keeps_compressed_is_found(tmp_path: Path) -> None:
    (tmp_path / "appendonly.aof").write_bytes(b"$9\r\n" + zlib.compress(b"12025550147") + b"\r\n")
    (tmp_path / "passwords.json").write_text("12025550147")
    files = files_below(tmp_path, without=frozenset({"passwords.json"}))
    assert NEEDLES.in_files(files) == {str(tmp_path / "appendonly.aof"): {"number (plain)"}}


def test_across_the_edges_of_what_is_read_at_once() -> None:
    needles = Needles({"number": "12025550147"}, chunk=1 << 12)
    for at in range((1 << 12) - 13, (1 << 12) + 2):
        content = bytearray(1 << 13)
        content[at : at + 11] = b"12025550147"
        assert needles.in_bytes(bytes(content)) == {"number (plain)"}
