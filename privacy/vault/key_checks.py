"""The key check: root key, key port and database belong together, or the process does not start."""

import hmac

from sqlalchemy import Connection, Engine, text

from privacy.core.errors import SiltaError
from privacy.vault.custody import Custody
from privacy.vault.derivations import derive
from privacy.vault.epoch_rows import current_epoch
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.labels import Label

_READ = text("SELECT proof FROM key_check WHERE epoch = :epoch")
_WRITE = text(
    "INSERT INTO key_check (epoch, proof) VALUES (:epoch, :proof) "
    "ON CONFLICT (epoch) DO UPDATE SET proof = excluded.proof"
)
_DROP = text("DELETE FROM key_check WHERE epoch = :epoch")


def check_keys(engine: Engine, custody: Custody) -> int:
    """Compare what the database expects with what this process holds. Call at boot.

    Returns:
        The current epoch.

    Raises:
        KeyCheckFailed: one line that says what to do. The process must end.
    """
    with engine.begin() as connection:
        epoch = current_epoch(connection)
        if epoch is None:
            raise KeyCheckFailed("The key ring is not founded. Run `silta migrate`.")
        expected = connection.execute(_READ, {"epoch": epoch}).scalar()
    key = _port_key(custody, epoch)
    if expected is None or not hmac.compare_digest(bytes(expected), _proof(epoch, key)):
        raise KeyCheckFailed(
            f"Database and key port disagree about epoch {epoch}: they are of different "
            "installations or times. Run `silta keys restore`, or give the right folder."
        )
    if _escrow_key(custody, epoch) != key or not custody.escrow.has_ring(epoch):
        raise KeyCheckFailed(
            f"Escrow does not hold epoch {epoch}. Check both escrow folders, then run "
            "`silta keys escrow`."
        )
    return epoch


def write_check(connection: Connection, epoch: int, key: bytes) -> None:
    """Remember what the key of `epoch` must show (keeper)."""
    connection.execute(_WRITE, {"epoch": epoch, "proof": _proof(epoch, key)})


def drop_check(connection: Connection, epoch: int) -> None:
    """Forget an ended epoch (keeper)."""
    connection.execute(_DROP, {"epoch": epoch})


def _proof(epoch: int, key: bytes) -> bytes:
    return derive(key, Label.KEY_CHECK, str(epoch))


def _port_key(custody: Custody, epoch: int) -> bytes:
    try:
        return custody.port.read_epoch(epoch)
    except SiltaError as error:
        raise KeyCheckFailed(
            f"The key of epoch {epoch} cannot be had from the key port ({error.code}): "
            f"{error.message} If it is lost, run `silta keys restore`."
        ) from None


def _escrow_key(custody: Custody, epoch: int) -> bytes | None:
    try:
        return custody.escrow.epochs.read_epoch(epoch)
    except SiltaError:
        return None
