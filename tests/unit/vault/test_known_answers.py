"""Published examples of each primitive that keys rest on."""

import hmac

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy.vault.derivations import canonical, derive
from privacy.vault.index_keys import IndexKey
from privacy.vault.labels import Label

TEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC4493 = "2b7e151628aed2a6abf7158809cf4f3c"
SP800_38B = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
CMAC = [
    (RFC4493, 0, "bb1d6929e95937287fa37d129b756746"),
    (RFC4493, 16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (RFC4493, 40, "dfa66747de9ae63030ca32611497c827"),
    (RFC4493, 64, "51f0bebf7e3b9d92fc49741779363cfe"),
    (SP800_38B, 0, "028962f61b7bf89efc6b551f4667d983"),
    (SP800_38B, 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
    (SP800_38B, 40, "aaf3d8f1de5640c232f5b169b9c911e6"),
    (SP800_38B, 64, "e1992190549f6ed5696a2c056c315410"),
]


@pytest.mark.parametrize(("key", "length", "tag"), CMAC)
def test_cmac_of_rfc_4493_and_sp_800_38b(key: str, length: int, tag: str) -> None:
    assert IndexKey(bytes.fromhex(key)).digest(TEXT[:length]).hex() == tag


def test_cmac_of_all_lengths_in_one_call() -> None:
    texts = [TEXT[:length] for _, length, _ in CMAC[:4]]
    tags = [bytes.fromhex(tag) for _, _, tag in CMAC[:4]]
    assert IndexKey(bytes.fromhex(RFC4493)).digests([*texts, *reversed(texts)]) == [
        *tags,
        *reversed(tags),
    ]


GCM_KEY = "feffe9928665731c6d6a8f9467308308" * 2
GCM_TEXT = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
GCM_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
GCM = [
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    (
        "00" * 32,
        "00" * 12,
        "00" * 16,
        "",
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (
        GCM_KEY,
        "cafebabefacedbaddecaf888",
        GCM_TEXT,
        "",
        GCM_SEALED + "b094dac5d93471bdec1a502270e3cc6c",
    ),
    (
        GCM_KEY,
        "cafebabefacedbaddecaf888",
        GCM_TEXT[:120],
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        GCM_SEALED[:120] + "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]


@pytest.mark.parametrize(("key", "nonce", "text", "aad", "sealed"), GCM)
def test_aes_256_gcm_cases_13_to_16_of_the_specification(
    key: str, nonce: str, text: str, aad: str, sealed: str
) -> None:
    cipher = AESGCM(bytes.fromhex(key))
    out = cipher.encrypt(bytes.fromhex(nonce), bytes.fromhex(text), bytes.fromhex(aad))
    assert out.hex() == sealed


HKDF_CASES = [
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        "0b" * 22,
        "",
        "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("key", "salt", "info", "output"), HKDF_CASES)
def test_hkdf_of_rfc_5869(key: str, salt: str, info: str, output: str) -> None:
    raw, salted, about = bytes.fromhex(key), bytes.fromhex(salt), bytes.fromhex(info)
    assert HKDF(hashes.SHA256(), 42, salted, about).derive(raw).hex() == output
    assert _hkdf(raw, salted, about, 42).hex() == output


def test_derive_is_hkdf_under_a_canonical_label() -> None:
    key = bytes(range(32))
    info = canonical(b"silta 1", b"commit", b"")
    assert derive(key, Label.COMMIT) == _hkdf(key, b"", info, 32)


def _hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 §2, spelled out a second time."""
    root = hmac.digest(salt or bytes(32), key, "sha256")
    block, output = b"", b""
    for number in range(1, 3):
        block = hmac.digest(root, block + info + bytes([number]), "sha256")
        output += block
    return output[:length]
