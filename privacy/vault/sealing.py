"""Seal and open values: AES-256-GCM, bound to what they mean.

A sealed value is

    0x01 | key id (8 bytes) | nonce (12) | ciphertext and tag

with the plaintext padded to steps of 32 bytes. Nonces are random (NIST SP 800-38D §8.2.2) and
come from the operating system for every call: no pool, hence nothing that a fork could share
(ATTACK 18).
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag

from privacy.vault.errors import OpenError
from privacy.vault.keys import KEY_ID_BYTES, SealKey
from privacy.vault.meanings import Meaning
from privacy.vault.paddings import PADS, STEP, unpad

FORMAT = b"\x01"
NONCE_BYTES, TAG_BYTES = 12, 16
_NONCE_AT = len(FORMAT) + KEY_ID_BYTES
_TEXT_AT = _NONCE_AT + NONCE_BYTES
_SHORTEST = _TEXT_AT + STEP + TAG_BYTES


def seal(key: SealKey, meaning: Meaning, plaintext: bytes) -> bytes:
    """Seal one value.

    Raises:
        SealLimit: the key has sealed 2^31 values.
        DayEnded: the key's day is over.
    """
    return seal_many(key, (meaning.aad(),), (plaintext,))[0]


def open(key: SealKey, meaning: Meaning, sealed: bytes) -> bytes:  # noqa: A001
    """Open one value.

    Raises:
        OpenError: wrong key, meaning, length or content, or the key's day is over.
    """
    return open_many(key, (meaning.aad(),), (sealed,))[0]


def seal_many(key: SealKey, aads: Sequence[bytes], plaintexts: Sequence[bytes]) -> list[bytes]:
    """Seal many values under one key; `aads` as `Place.aads` makes them. Raises as `seal`."""
    key.use(len(plaintexts))
    nonces = os.urandom(NONCE_BYTES * len(plaintexts))
    encrypt, head = key.cipher.encrypt, FORMAT + key.key_id
    sealed, at = [], 0
    for aad, text in zip(aads, plaintexts, strict=True):
        nonce = nonces[at : at + NONCE_BYTES]
        at += NONCE_BYTES
        sealed.append(head + nonce + encrypt(nonce, text + PADS[len(text) % STEP], aad))
    return sealed


def open_many(key: SealKey, aads: Sequence[bytes], sealed: Sequence[bytes]) -> list[bytes]:
    """Open many values of one key, all or none. Raises as `open`."""
    if not key.alive():
        raise OpenError
    decrypt, head = key.cipher.decrypt, FORMAT + key.key_id
    texts = []
    try:
        for aad, blob in zip(aads, sealed, strict=True):
            if len(blob) < _SHORTEST or blob[:_NONCE_AT] != head:
                raise OpenError
            text = decrypt(blob[_NONCE_AT:_TEXT_AT], blob[_TEXT_AT:], aad)
            texts.append(unpad(text))
    except (InvalidTag, ValueError):
        raise OpenError from None
    return texts


def key_id_of(sealed: bytes) -> bytes:
    """Which key sealed this.

    Raises:
        OpenError: it is not a sealed value.
    """
    if len(sealed) < _SHORTEST or sealed[:1] != FORMAT:
        raise OpenError
    return sealed[1:_NONCE_AT]
