"""Index tokens: a keyed, truncated digest finds equal values of one tenant and day, no others.

AES-CMAC (RFC 4493, NIST SP 800-38B) is a pseudo-random function with one AES call for a text of
up to 16 bytes: half a microsecond a text with a copied context, where HMAC-SHA256 takes twice
that, and half of it for many together (see bulk_macs). For row ids the whole 16-byte tag is kept:
128 bits of a PRF whose key nobody outside has.
"""

from collections.abc import Iterable

import numpy as np
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from privacy.vault.bulk_macs import BLOCK, BulkMac, blocks_of

_TOKEN_BITS = 64
MANY = 128
"""Texts from which on they are quicker together than one by one."""


class IndexKey:
    """The key of one kind of token. Safe among threads: what is keyed is only ever copied.

    Args:
        secret: an AES key (32 bytes in the service; 16 in the RFC's examples).
        token_bits: length of tokens; short ones only in tests, which want collisions.
    """

    def __init__(self, secret: bytes, *, token_bits: int = _TOKEN_BITS) -> None:
        self._keyed = CMAC(AES(secret))
        self._bulk = BulkMac(secret)
        self._shift = _TOKEN_BITS - token_bits

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    def token(self, message: bytes) -> int:
        """The token of one text, a signed 64-bit integer. Every hit must be opened and compared."""
        return int.from_bytes(self.digest(message)[:8], "big", signed=True) >> self._shift

    def tokens(self, messages: Iterable[bytes]) -> list[int]:
        """The token of each text, in order."""
        heads = np.frombuffer(self._tags(list(messages)), ">i8")[::2]
        tokens: list[int] = (heads.astype(np.int64) >> self._shift).tolist()
        return tokens

    def digest(self, message: bytes) -> bytes:
        """The whole 16-byte tag of one text: stable within a day, meaningless after it."""
        return self.digests((message,))[0]

    def digests(self, messages: Iterable[bytes]) -> list[bytes]:
        """The tag of each text, in order."""
        tags = self._tags(list(messages))
        return [tags[at : at + BLOCK] for at in range(0, len(tags), BLOCK)]

    def _tags(self, messages: list[bytes]) -> bytes:
        """All tags in a row."""
        if len(messages) >= MANY and len(set(map(blocks_of, set(map(len, messages))))) == 1:
            return self._bulk.tags(messages)
        copy, tags = self._keyed.copy, []
        for message in messages:
            mac = copy()
            mac.update(message)
            tags.append(mac.finalize())
        return b"".join(tags)
