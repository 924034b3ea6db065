"""Padding: a ciphertext tells its length in steps of 32 bytes only (ATTACK 17).

One bit, then zeros (ISO/IEC 7816-4): unambiguous for every content. It is inside the
authenticated plaintext, so there is no padding oracle.
"""

STEP = 32
PADS = tuple(b"\x80" + bytes((-length - 1) % STEP) for length in range(STEP))
"""What follows a text of `length % STEP` bytes."""


def pad(plaintext: bytes) -> bytes:
    """Fill up to the next multiple of `STEP`; at least one byte is added."""
    return plaintext + PADS[len(plaintext) % STEP]


def unpad(padded: bytes) -> bytes:
    """Take the padding off.

    Raises:
        ValueError: there is none.
    """
    bare = padded.rstrip(b"\0")
    if not bare or bare[-1] != 0x80:
        raise ValueError
    return bare[:-1]
