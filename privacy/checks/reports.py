"""Reports of security advisories, read: pip-audit's JSON, and Debian's security tracker's."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from privacy.checks.versions import older
from privacy.core.errors import BadInput

_URGENT: Final = frozenset({"high", "critical", "high**"})
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~:-]{0,99}")


class UnreadableReport(BadInput):
    """It is not a report of that kind."""

    code = "unreadable_report"
    message = "This is not such a report: give the tool's JSON as it is."


@dataclass(frozen=True, slots=True)
class Reported:
    """One advisory about one installed package."""

    key: str
    package: str
    installed: str
    fixed: str | None
    urgent: bool


def read_pip_audit(text: str) -> list[Reported]:
    """What `pip-audit --format json` says. Raises UnreadableReport.

    It knows no severity, so everything that has a fixed version is urgent: the fix is there.
    """
    document = _json(text)
    listed = document.get("dependencies") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise UnreadableReport
    try:
        return list(_of_pip(listed))
    except (KeyError, TypeError, AttributeError):
        raise UnreadableReport from None


def _of_pip(listed: list[Any]) -> Iterator[Reported]:
    for package in listed:
        for one in package.get("vulns", ()):
            fixes = [_word(version) for version in one.get("fix_versions", ())]
            name, installed = _word(package["name"]), _word(package["version"])
            yield Reported(
                _word(one["id"]), name, installed, fixes[0] if fixes else None, bool(fixes)
            )


def read_debian(text: str, *, release: str, installed: Mapping[str, str]) -> list[Reported]:
    """What https://security-tracker.debian.org/tracker/data/json says of `installed` packages.

    Args:
        release: its name, like `bookworm`.
        installed: source package → version.

    Raises:
        UnreadableReport.
    """
    document = _json(text)
    if not isinstance(document, dict):
        raise UnreadableReport
    try:
        return list(_of_debian(document, release, installed))
    except (KeyError, TypeError, AttributeError):
        raise UnreadableReport from None


def _of_debian(
    document: Mapping[str, Any], release: str, installed: Mapping[str, str]
) -> Iterator[Reported]:
    for package, version in installed.items():
        for key, one in document.get(package, {}).items():
            said = one.get("releases", {}).get(release)
            if said is None or said.get("status") not in ("open", "resolved"):
                continue
            fixed = said.get("fixed_version")
            if fixed == "0" or (
                said["status"] == "resolved" and not (fixed and older(version, fixed))
            ):
                continue
            if said.get("nodsa_reason") == "ignored" or said.get("urgency") == "unimportant":
                continue
            urgent = said.get("urgency") in _URGENT or fixed is not None
            yield Reported(
                _word(key), _word(package), _word(version), fixed and _word(fixed), urgent
            )


def read_installed(text: str) -> dict[str, str]:
    """Lines of `dpkg-query -W -f '${source:Package} ${source:Version}\\n'`. Raises Unreadable…"""
    found = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, _, version = line.partition(" ")
        found[_word(name)] = _word(version.strip())
    if not found:
        raise UnreadableReport
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableReport from None


def _word(value: Any) -> str:
    """Names and versions only: texts of others are not kept."""
    if not isinstance(value, str) or _WORD.fullmatch(value) is None:
        raise UnreadableReport
    return value
