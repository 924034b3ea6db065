"""Who signs the ledger: an Ed25519 key (RFC 8032) that the database never sees.

The private key lies in the keys folder with the origin, sealed under the root key; beside it, in
the open, the identity: the installation's origin and its public key. An operator pins the
identity in `SILTA_LEDGER_PUBLIC_KEY`, so that neither can be exchanged unseen (ATTACK 59).
"""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from privacy.core.errors import Misconfigured
from privacy.ledger.encoding import Head, head_bytes

PRIVATE = "ledger-signing.key"
PUBLIC = "ledger-signing.pub"
_ORIGIN_BYTES = 16

Wrapping = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Identity:
    """What an auditor needs to know beforehand: `<origin, hex>+<public key, base64>`."""

    origin: bytes
    public_key: bytes

    def __str__(self) -> str:
        return f"{self.origin.hex()}+{base64.b64encode(self.public_key).decode()}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the text form.

        Raises:
            Misconfigured: it is not one.
        """
        origin, _, key = value.strip().partition("+")
        try:
            identity = cls(bytes.fromhex(origin), base64.b64decode(key, validate=True))
            Ed25519PublicKey.from_public_bytes(identity.public_key)
        except (ValueError, binascii.Error):
            raise Misconfigured("the ledger's public key is not readable") from None
        if len(identity.origin) != _ORIGIN_BYTES:
            raise Misconfigured("the ledger's public key is not readable")
        return identity

    def signed(self, head: Head) -> bool:
        """Whether this installation signed `head`."""
        key = Ed25519PublicKey.from_public_bytes(self.public_key)
        try:
            key.verify(head.signature, head_bytes(self.origin, head))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """The identity with its private half. Held by the sequencer's process, and by workers, which
    sign certificates of erasures with it; never by the web's."""

    identity: Identity
    private: Ed25519PrivateKey

    def sign(self, head: Head) -> bytes:
        """64 bytes that only this installation can make."""
        return self.private.sign(head_bytes(self.identity.origin, head))


def load_signer(folder: Path, *, wrap: Wrapping, unwrap: Wrapping, pinned: str | None) -> Signer:
    """Open the signing key below `folder`; make one where there is none and none is pinned.

    Args:
        wrap, unwrap: seal and open under the root key; unwrap raises on what it cannot open.

    Raises:
        Misconfigured: the key is missing though one is pinned or published, or differs from it.
    """
    if not (folder / PRIVATE).exists():
        if pinned or (folder / PUBLIC).exists():
            raise Misconfigured(
                f"{folder / PRIVATE} is missing: restore it; a new key would break the ledger"
            )
        return _create(folder, wrap)
    signer = _opened(unwrap((folder / PRIVATE).read_bytes()))
    if not (folder / PUBLIC).exists():  # a killed first start
        _write(folder / PUBLIC, f"{signer.identity}\n".encode(), mode=0o644)
    if load_identity(folder, pinned=pinned) != signer.identity:
        raise Misconfigured(f"{folder / PRIVATE} does not belong to the ledger's public key")
    return signer


def load_identity(folder: Path, *, pinned: str | None) -> Identity:
    """The identity that verification trusts: the pinned one, else the one beside the key.

    Raises:
        Misconfigured: there is none, or the published one is not the pinned one.
    """
    published = _read_public(folder)
    if pinned is None:
        if published is None:
            raise Misconfigured(f"{folder / PUBLIC} is missing, and no public key is pinned")
        return published
    identity = Identity.parse(pinned)
    if published is not None and published != identity:
        raise Misconfigured(f"{folder / PUBLIC} is not the key in SILTA_LEDGER_PUBLIC_KEY")
    return identity


def rewrap_signing_key(folder: Path, *, unwrap: Wrapping, wrap: Wrapping) -> None:
    """Seal the private key under a new root key; killed anywhere, one of both opens it."""
    if (folder / PRIVATE).exists():
        private = unwrap((folder / PRIVATE).read_bytes())
        _write(folder / PRIVATE, wrap(private), mode=0o600)


def _create(folder: Path, wrap: Wrapping) -> Signer:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = secrets.token_bytes(_ORIGIN_BYTES) + Ed25519PrivateKey.generate().private_bytes_raw()
    signer = _opened(content)
    _write(folder / PRIVATE, wrap(content), mode=0o600)
    _write(folder / PUBLIC, f"{signer.identity}\n".encode(), mode=0o644)
    return signer


def _opened(content: bytes) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(content[_ORIGIN_BYTES:])
    public = private.public_key().public_bytes_raw()
    return Signer(Identity(content[:_ORIGIN_BYTES], public), private)


def _read_public(folder: Path) -> Identity | None:
    try:
        return Identity.parse((folder / PUBLIC).read_text())
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Whole or not at all, and on the disk when this returns."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
