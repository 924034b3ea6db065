"""`silta certificate verify`."""

import sys
from pathlib import Path
from typing import Any

import click

from jobs.commands.output import answer, as_json
from privacy.core.errors import Misconfigured
from privacy.core.settings import load_settings
from privacy.ledger.signing import Identity, load_identity
from privacy.subjects.certificates import DESTRUCTION, BadCertificate, verify_certificate


@click.group()
def certificate() -> None:
    """Certificates of erasures and destructions."""


@certificate.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--identity", help="Whose signature: origin+public key. Needs no installation.")
@as_json
def verify(file: Path, identity: str | None, as_json: bool) -> None:
    """Check the signature of FILE; exit 1 when it is not right. Asks no database."""
    try:
        certified = verify_certificate(file.read_text(encoding="utf-8"), _trusted(identity))
    except (BadCertificate, UnicodeDecodeError):
        answer(
            {"valid": False}, "Not valid: changed, or not of this installation.", as_json=as_json
        )
        sys.exit(1)
    answer({"valid": True, **certified}, *_words(certified), as_json=as_json)


def _words(certified: dict[str, Any]) -> list[str]:
    if certified["format"] == DESTRUCTION:
        left = certified["found_afterwards"]
        found = f"Found afterwards: {left}." if left else "Nothing was found afterwards."
        return [f"Valid: tenant {certified['tenant']} ended {certified['destroyed_at']}.", found]
    kept = [one for one in certified["holders"] if one["retained"]]
    lines = [f"Kept: {one['holder']}, {one['retained']}, {one['because']}." for one in kept]
    return [f"Valid: erasure {certified['reference']} of {certified['certified_at']}.", *lines]


def _trusted(identity: str | None) -> Identity:
    if identity:
        return Identity.parse(identity)
    try:
        settings = load_settings()
    except Misconfigured as error:
        said = f"{error.message}; elsewhere than where Silta runs, say whose signature: --identity"
        raise Misconfigured(said) from None
    return load_identity(settings.keys_folder, pinned=settings.ledger_public_key)
