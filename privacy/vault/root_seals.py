"""Small secrets that live as files beside the epoch keys, sealed under the root key.

root version (4 bytes) | nonce (12) | ciphertext and tag
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.vault.derivations import canonical, derive
from privacy.vault.errors import RootKeyRefused
from privacy.vault.labels import Label
from privacy.vault.roots import RootKeys

_VERSION, _NONCE = 4, 12


def seal_under_root(roots: RootKeys, purpose: str, secret: bytes) -> bytes:
    """Seal `secret` under the current root key, for one purpose."""
    nonce = os.urandom(_NONCE)
    version = roots.current.to_bytes(_VERSION, "big")
    sealed = _cipher(roots, roots.current, purpose).encrypt(nonce, secret, _aad(purpose, version))
    return version + nonce + sealed


def open_under_root(roots: RootKeys, purpose: str, sealed: bytes) -> bytes:
    """The secret again.

    Raises:
        RootKeyRefused: the root key that sealed it is not here, or it was changed.
    """
    version = sealed[:_VERSION]
    nonce, text = sealed[_VERSION : _VERSION + _NONCE], sealed[_VERSION + _NONCE :]
    number = int.from_bytes(version, "big")
    if number in roots.versions and len(nonce) == _NONCE:
        try:
            return _cipher(roots, number, purpose).decrypt(nonce, text, _aad(purpose, version))
        except InvalidTag:
            pass
    raise RootKeyRefused(
        f"A file in the keys folder ({purpose}) does not open under the root key: give the root "
        "key that belongs to it."
    )


def root_version(sealed: bytes) -> int:
    """The version of the root key that sealed this."""
    return int.from_bytes(sealed[:_VERSION], "big")


def _cipher(roots: RootKeys, version: int, purpose: str) -> AESGCM:
    return AESGCM(derive(roots.versions[version], Label.FILE_UNDER_ROOT, purpose))


def _aad(purpose: str, version: bytes) -> bytes:
    return canonical(b"silta file under root 1", purpose.encode(), version)
