"""Keys that are not where they were: found before anything serves, with advice that works then.

The servers of `make run` stop with it, so a command that needs the database needs them by
themselves: `silta dev --servers`.
"""

from pathlib import Path
from typing import Final

from jobs.commands.setting_up import set_up
from jobs.installation import Installation
from privacy.backups.escrowed import bring_signing_key, keep_signing_key
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from privacy.ledger.signing import PRIVATE
from privacy.vault.errors import EscrowFailed, KeyCheckFailed, NoKey
from privacy.vault.key_checks import check_keys

_SERVERS: Final = (
    "run `.venv/bin/silta dev --servers --folder {folder}`, and in another shell "
    "`(set -a; . {folder}/environment; .venv/bin/silta keys {command})`; then start again"
)


def with_advice(installation: Installation, folder: Path) -> bool:
    """Set up, and hold the keys against the database.

    Returns:
        Whether the key ring was founded now.

    Raises:
        Misconfigured: which keys are not there, and how they come back.
    """
    settings = installation.settings
    _bring_signing_key(installation)
    try:
        founded = set_up(installation)
        check_keys(installation.engines.app, installation.custody)
        keep_signing_key(installation.custody.escrow.bundles, settings.keys_folder)
    except (NoKey, KeyCheckFailed, EscrowFailed) as error:
        advice = advice_on(settings, folder)
        raise Misconfigured(f"{error}{f' {advice}' if advice else ''}") from None
    return founded


def _bring_signing_key(installation: Installation) -> None:
    """Of a ledger that was signed before; a new key could not continue its chains."""
    settings = installation.settings
    keys = settings.keys_folder
    signed = _any(keys, "epoch-*") and _any(settings.anchor_folder, "*")
    if not signed or (keys / PRIVATE).exists():
        return
    if not bring_signing_key(installation.custody.escrow.bundles, keys):
        raise Misconfigured(
            f"{keys / PRIVATE} is missing, and escrow has no copy: put it back from your copy. A "
            f"new one could not continue the ledger."
        )


def advice_on(settings: Settings, folder: Path) -> str:
    """What to do about a folder without its keys; nothing where every folder has some."""
    if not _any(settings.keys_folder, "epoch-*"):
        return (
            f"The keys folder {settings.keys_folder} holds no keys of this database: put its files "
            f"back from your copy, {PRIVATE} among them. If there is none, escrow has them: "
            f"{_SERVERS.format(folder=folder, command='restore')}."
        )
    bare = [
        place
        for place in (settings.escrow_epoch_folder, settings.escrow_bundle_folder)
        if not _any(place, "*")
    ]
    if not bare:
        return ""
    places = " and ".join(map(str, bare))
    return (
        f"Nothing is in {places}: put the files back, or fill escrow anew from the keys folder: "
        f"{_SERVERS.format(folder=folder, command='escrow')}."
    )


def _any(folder: Path, pattern: str) -> bool:
    return folder.is_dir() and any(folder.glob(pattern))
