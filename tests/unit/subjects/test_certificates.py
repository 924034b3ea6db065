"""A certificate has one reading: the one that was signed."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from privacy.ledger.signing import Signer, load_signer
from privacy.subjects.certificates import FORMAT, BadCertificate, signed, verify_certificate

REFERENCE = "R-K7Q2-9XHM"
CERTIFIED: dict[str, object] = {"format": FORMAT, "reference": REFERENCE, "holders": []}
pytestmark = pytest.mark.promise("C2")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return load_signer(tmp_path, wrap=bytes, unwrap=bytes, pinned=None)


def _other_signer(text: str) -> str:
    return json.dumps(json.loads(text) | {"signed_by": "somebody.example+AAAA"})


def _again(text: str) -> str:
    """A forged one for the eye, and the signed one for the machine."""
    forged = json.dumps(CERTIFIED | {"reference": "R-AAAA-BBBB"})
    return text.replace("{", '{ "certificate": ' + forged + ",", 1)


def _inside(text: str) -> str:
    known = f'"reference": "{REFERENCE}"'
    return text.replace(known, f'"reference": "R-AAAA-BBBB", {known}')


def _beside(text: str) -> str:
    return json.dumps({"everything_was_erased": True} | json.loads(text))


def _flipped(text: str) -> str:
    document = json.loads(text)
    signature = bytearray(base64.b64decode(document["signature"]))
    signature[7] ^= 1
    return json.dumps(document | {"signature": base64.b64encode(signature).decode()})


def _shown(text: str) -> str:
    return text.replace("[]", '[{"removed": 0}]')


@pytest.mark.parametrize(
    "altered",
    [
        *(_other_signer, _again, _inside, _beside, _flipped, _shown),
        *(lambda _: "[" * 100_000, lambda _: "[]", lambda _: '{"certificate": NaN}'),
        *(lambda text: text[:-4], lambda _: ""),
    ],
)
def test_an_altered_certificate_is_refused(signer: Signer, altered: Callable[[str], str]) -> None:
    right = signed(signer, CERTIFIED)
    assert verify_certificate(right, signer.identity)["reference"] == REFERENCE
    wrong = altered(right)
    assert wrong != right
    with pytest.raises(BadCertificate):
        verify_certificate(wrong, signer.identity)
