"""Index tokens: a keyed, truncated digest finds equal values of one tenant and day, no others.

AES-CMAC (RFC 4493, NIST SP 800-38B) is a pseudo-random function with one AES call for a text of
up to 16 bytes, and many texts go through one call of the cipher. For row ids the whole
16-byte tag is kept: 128 bits of a PRF whose key nobody outside has, at twice the bulk speed of
HMAC-SHA256 and with one primitive less to hold right.
"""

from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from numpy.typing import NDArray

_BLOCK = 16
_PADS = (b"\x80" + bytes(15), *(b"\x80" + bytes(15 - n) for n in range(1, 16)))
_TOKEN_BITS = 64

Words = NDArray[np.uint64]


class IndexKey:
    """The key of one kind of token.

    Args:
        secret: an AES key (32 bytes in the service; 16 in the RFC's examples).
        token_bits: length of tokens; short ones only in tests, which want collisions.
    """

    def __init__(self, secret: bytes, *, token_bits: int = _TOKEN_BITS) -> None:
        # One block at a time under ECB is the bare cipher that CMAC is built from.
        self._cipher = Cipher(AES(secret), ECB())  # noqa: S305
        self._shift = _TOKEN_BITS - token_bits
        first = _double(self._cipher.encryptor().update(bytes(_BLOCK)))
        self._whole = np.frombuffer(first, np.uint64)
        self._padded = np.frombuffer(_double(first), np.uint64)

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    def token(self, message: bytes) -> int:
        """The token of one text; see `tokens`."""
        return self.tokens((message,))[0]

    def tokens(self, messages: Sequence[bytes]) -> list[int]:
        """Tokens as signed 64-bit integers, in order. Every hit must be opened and compared."""
        heads = self._tags(messages)[:, :1].copy().view(">i8")
        tokens: list[int] = (heads.astype(np.int64) >> self._shift).ravel().tolist()
        return tokens

    def digests(self, messages: Sequence[bytes]) -> list[bytes]:
        """Whole 16-byte tags, in order: stable within a day, meaningless after it."""
        tags = self._tags(messages).tobytes()
        return [tags[at : at + _BLOCK] for at in range(0, len(tags), _BLOCK)]

    def digest(self, message: bytes) -> bytes:
        """The 16-byte tag of one text."""
        return self.digests((message,))[0]

    def _tags(self, messages: Sequence[bytes]) -> Words:
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        blocks = np.maximum((lengths + 15) // _BLOCK, 1)
        tags = np.empty((len(messages), 2), np.uint64)
        for count in np.unique(blocks).tolist():
            rows = np.flatnonzero(blocks == count)
            alike = len(rows) == len(messages)
            chosen = messages if alike else [messages[row] for row in rows.tolist()]
            tags[rows] = self._tags_of(chosen, lengths[rows], count)
        return tags

    def _tags_of(self, messages: Sequence[bytes], lengths: NDArray[np.int64], count: int) -> Words:
        whole = lengths == count * _BLOCK
        flags = whole.tolist()
        text = b"".join(
            [m if w else m + _PADS[len(m) % _BLOCK] for m, w in zip(messages, flags, strict=True)]
        )
        words = np.frombuffer(text, np.uint64).reshape(len(messages), count, 2)
        state = np.zeros((len(messages), 2), np.uint64)
        for block in range(count - 1):
            state = self._encrypt(words[:, block] ^ state)
        mask = np.where(whole[:, None], self._whole, self._padded)
        return self._encrypt(words[:, count - 1] ^ state ^ mask)

    def _encrypt(self, words: Words) -> Words:
        encrypted = self._cipher.encryptor().update(words.tobytes())
        return np.frombuffer(encrypted, np.uint64).reshape(-1, 2)


def _double(block: bytes) -> bytes:
    """Multiply by x in GF(2^128) (RFC 4493 §2.3)."""
    number = int.from_bytes(block, "big") << 1
    carry = 0x87 if number >> 128 else 0
    return ((number & (2**128 - 1)) ^ carry).to_bytes(_BLOCK, "big")
