"""Close a small text by a passphrase, as age does (age-encryption.org/v1), with bounded work.

The library asks scrypt for as much work as takes a second where it runs: half a gigabyte of
memory on a quick machine, and it cannot be told otherwise. A web process has less to give, so
the stanza is written here; the library and `age` itself open it.
"""

import base64
import hmac
import os
import textwrap
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

WORK: Final = 16
"""log2 of scrypt's N: 64 MiB and about a fifth of a second."""
BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----\n"
END: Final = b"-----END AGE ENCRYPTED FILE-----\n"
_LABEL: Final = b"age-encryption.org/v1/scrypt"
_CHUNK: Final = 65_536


def seal_by_passphrase(plain: bytes, passphrase: str) -> bytes:
    """`plain` (one chunk at most) as an armored age file."""
    if len(plain) > _CHUNK:
        raise ValueError("more than one chunk")
    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrap = Scrypt(salt=_LABEL + salt, length=32, n=1 << WORK, r=8, p=1)
    body = ChaCha20Poly1305(wrap.derive(passphrase.encode())).encrypt(bytes(12), key, None)
    stanza = b"-> scrypt %s %d\n%s\n---" % (_text(salt), WORK, _text(body))
    head = b"age-encryption.org/v1\n" + stanza
    mac = hmac.digest(_derived(key, b"", b"header"), head, "sha256")
    # The last chunk's nonce: a counter of zero, and a one.
    sealing = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    sealed = sealing.encrypt(bytes(11) + b"\1", plain, None)
    return _armored(head + b" " + _text(mac) + b"\n" + nonce + sealed)


def _armored(content: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(content).decode(), 64)
    return BEGIN + "".join(f"{line}\n" for line in lines).encode() + END


def _text(value: bytes) -> bytes:
    return base64.b64encode(value).rstrip(b"=")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)
