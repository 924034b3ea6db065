"""Reports of pip-audit and of Debian's tracker are read; what is none is refused (promise F8)."""

import json

import pytest

from privacy.checks.reports import (
    Reported,
    UnreadableReport,
    read_debian,
    read_installed,
    read_pip_audit,
)
from privacy.checks.versions import older

pytestmark = pytest.mark.promise("F8")

PIP = {
    "dependencies": [
        {"name": "safe", "version": "1.0", "vulns": []},
        {
            "name": "jinja2",
            "version": "3.1.2",
            "vulns": [
                {
                    "id": "PYSEC-2024-1",
                    "fix_versions": ["3.1.3"],
                    "aliases": ["CVE-2024-22195"],
                    "description": "=HYPERLINK() somebody@example.com",
                },
                {"id": "PYSEC-2024-2", "fix_versions": [], "aliases": []},
            ],
        },
    ],
    "fixes": [],
}
DEBIAN = {
    "openssl": {
        "CVE-2026-1": {
            "releases": {
                "bookworm": {
                    "status": "resolved",
                    "fixed_version": "3.0.15-1~deb12u1",
                    "urgency": "not yet assigned",
                }
            }
        },
        "CVE-2026-2": {"releases": {"bookworm": {"status": "open", "urgency": "high"}}},
        "CVE-2026-3": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}},
        "CVE-2020-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "0"}}},
        "CVE-2021-1": {"releases": {"buster": {"status": "open", "urgency": "high"}}},
    },
    "not-installed": {"CVE-2026-9": {"releases": {"bookworm": {"status": "open"}}}},
}


def test_pip_audit_is_read_and_no_text_of_others_kept() -> None:
    assert read_pip_audit(json.dumps(PIP)) == [
        Reported("PYSEC-2024-1", "jinja2", "3.1.2", "3.1.3", True),
        Reported("PYSEC-2024-2", "jinja2", "3.1.2", None, False),
    ]


@pytest.mark.parametrize(
    ("installed", "keys"),
    [
        ("3.0.14-1~deb12u2", ["CVE-2026-1", "CVE-2026-2"]),
        ("3.0.15-1~deb12u1", ["CVE-2026-2"]),
        ("3.0.17-1", ["CVE-2026-2"]),
    ],
)
def test_debian_s_tracker_is_read_for_what_is_installed(installed: str, keys: list[str]) -> None:
    packages = read_installed(f"openssl {installed}\nbash 5.2-1\n")
    found = read_debian(json.dumps(DEBIAN), release="bookworm", installed=packages)
    assert [one.key for one in found] == keys
    assert all(one.urgent for one in found)


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "{}", '{"dependencies": [{"vulns": [{}]}]}', '{"dependencies": 3}', "[" * 10_000],
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReport):
        read_pip_audit(text)
    if text != "{}":
        with pytest.raises(UnreadableReport):
            read_debian(text or "[]", release="bookworm", installed={"dependencies": "1"})


def test_an_advisory_s_name_is_a_word() -> None:
    bad = {"dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "a\nb"}]}]}
    with pytest.raises(UnreadableReport):
        read_pip_audit(json.dumps(bad))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.0~rc1", "1.0"),
        ("1.0", "1.0-1"),
        ("1.9", "1.10"),
        ("2.0", "1:0.1"),
        ("1.0-1~deb12u1", "1.0-1"),
        ("1.0a", "1.0+b"),
        ("3.0.14-1~deb12u2", "3.0.15-1~deb12u1"),
    ],
)
def test_versions_are_ordered_as_debian_orders_them(one: str, other: str) -> None:
    assert older(one, other)
    assert not older(other, one)
    assert not older(one, one)
