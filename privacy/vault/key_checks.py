"""The key check: root key, key port and database belong together, or the process does not start."""

import hmac

from sqlalchemy import Connection, Engine, text

from privacy.core.errors import SiltaError
from privacy.vault.custody import Custody
from privacy.vault.derivations import derive
from privacy.vault.epoch_rows import living_epochs
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.labels import Label

_ATTEMPTS = 5
_READ = text("SELECT proof FROM key_check WHERE epoch = :epoch")
_WRITE = text(
    "INSERT INTO key_check (epoch, proof) VALUES (:epoch, :proof) "
    "ON CONFLICT (epoch) DO UPDATE SET proof = excluded.proof"
)
_DROP = text("DELETE FROM key_check WHERE epoch = :epoch")


def check_keys(engine: Engine, custody: Custody) -> int:
    """Compare what the database expects with what this process holds. Call at boot.

    While an epoch ends, or after such a run was killed, two live: the newer one wraps what was
    sealed again, and escrow has the ring of either. A run that goes on between the two looks is
    no fault of the installation's: then it is looked anew.

    Returns:
        The current epoch.

    Raises:
        KeyCheckFailed: one line that says what to do. The process must end.
    """
    for _ in range(_ATTEMPTS):
        living, proof = _expected(engine)
        fault = _fault(custody, living, proof)
        if fault is None:
            return living[-1]
        if _expected(engine) == (living, proof):
            break
        custody.forget()
    raise KeyCheckFailed(fault)


def _expected(engine: Engine) -> tuple[list[int], bytes | None]:
    """The living epochs, and what the key of the newest must show."""
    with engine.begin() as connection:
        living = living_epochs(connection)
        if not living:
            raise KeyCheckFailed("The key ring is not founded. Run `silta migrate`.")
        proof = connection.execute(_READ, {"epoch": living[-1]}).scalar()
    return living, None if proof is None else bytes(proof)


def _fault(custody: Custody, living: list[int], proof: bytes | None) -> str | None:
    """What is wrong, if something is."""
    epoch = living[-1]
    try:
        key = custody.port.read_epoch(epoch)
    except SiltaError as error:
        return (
            f"The key of epoch {epoch} cannot be had from the key port ({error.code}): "
            f"{error.message} If it is lost, run `silta keys restore`."
        )
    if proof is None or not hmac.compare_digest(proof, _proof(epoch, key)):
        return (
            f"Database and key port disagree about epoch {epoch}: they are of different "
            "installations or times. Run `silta keys restore`, or give the right folder."
        )
    if _escrow_key(custody, epoch) != key or not any(map(custody.escrow.has_ring, living)):
        return (
            f"Escrow does not hold epoch {epoch}. Check both escrow folders, then run "
            "`silta keys escrow`."
        )
    return None


def write_check(connection: Connection, epoch: int, key: bytes) -> None:
    """Remember what the key of `epoch` must show (keeper)."""
    connection.execute(_WRITE, {"epoch": epoch, "proof": _proof(epoch, key)})


def drop_check(connection: Connection, epoch: int) -> None:
    """Forget an ended epoch (keeper)."""
    connection.execute(_DROP, {"epoch": epoch})


def _proof(epoch: int, key: bytes) -> bytes:
    return derive(key, Label.KEY_CHECK, str(epoch))


def _escrow_key(custody: Custody, epoch: int) -> bytes | None:
    try:
        return custody.escrow.epochs.read_epoch(epoch)
    except SiltaError:
        return None
