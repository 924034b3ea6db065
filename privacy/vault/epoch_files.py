"""An epoch key wrapped by a root key, as one line of text.

silta-epoch-1 <number> root-<version> <base64 of nonce, ciphertext and tag>
"""

import binascii
import os
import re
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault.derivations import KEY_BYTES, canonical, derive
from privacy.vault.errors import KeyPortFailed
from privacy.vault.labels import Label
from privacy.vault.roots import RootKeys

_LINE = re.compile(rb"silta-epoch-1 ([1-9][0-9]*) root-([1-9][0-9]*) ([A-Za-z0-9+/=]+)\n")
_NONCE = 12


def wrap_epoch(roots: RootKeys, number: int, key: bytes) -> bytes:
    """Wrap under the current root key."""
    nonce, version = os.urandom(_NONCE), roots.current
    wrapped = nonce + _cipher(roots, version).encrypt(nonce, key, _aad(number, version))
    return b"silta-epoch-1 %d root-%d %s\n" % (number, version, b64encode(wrapped))


def unwrap_epoch(roots: RootKeys, number: int, line: bytes) -> bytes:
    """The 32-byte key of epoch `number`.

    Raises:
        KeyPortFailed: another number, another installation's, damaged, or its root is not here.
    """
    match = _LINE.fullmatch(line)
    if match is None or int(match[1]) != number:
        raise KeyPortFailed("An epoch key is damaged. Restore it from escrow.")
    version = int(match[2])
    if version not in roots.versions:
        raise KeyPortFailed(f"An epoch key needs root key version {version}. Put that line back.")
    try:
        wrapped = b64decode(match[3], validate=True)
        cipher = _cipher(roots, version)
        key = cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _aad(number, version))
    except (binascii.Error, InvalidTag, ValueError):
        raise KeyPortFailed(
            "The root key does not open an epoch key. Is it the right one?"
        ) from None
    if len(key) != KEY_BYTES:
        raise KeyPortFailed("An epoch key is damaged. Restore it from escrow.")
    return key


def root_version_of(line: bytes) -> int:
    """Which root key wraps it. Raises KeyPortFailed."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise KeyPortFailed("An epoch key is damaged. Restore it from escrow.")
    return int(match[2])


def _cipher(roots: RootKeys, version: int) -> AESGCM:
    return AESGCM(derive(roots.versions[version], Label.EPOCH_UNDER_ROOT))


def _aad(number: int, version: int) -> bytes:
    return canonical(b"silta epoch 1", INSTALLATION_ID.bytes, b"%d" % number, b"%d" % version)
