"""Certificates of erasures and destructions, signed by the installation.

What went, what stayed and why: ids, words and counts, and nothing about a person. One is signed
with the ledger's key (Ed25519, RFC 8032) over `silta certificate 1`, a zero byte and the
canonical JSON of what is certified: sorted names, no spaces, UTF-8. Whoever knows the public key
can check it offline.
"""

import base64
import binascii
import json
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.signing import Identity, Signer
from privacy.subjects.models import SubjectRequest, SubjectStep
from privacy.subjects.words import Phase

FORMAT: Final = "silta erasure certificate 1"
DESTRUCTION: Final = "silta destruction certificate 1"
FORMATS: Final = frozenset({FORMAT, DESTRUCTION})
_DOMAIN: Final = b"silta certificate 1\0"
_NAMES: Final = {"certificate", "signed_by", "signature"}
_UNREADABLE: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    binascii.Error,
    InvalidSignature,
)
_COPIES: Final = (
    "Copies made before by backups end with those; of calls, no copy can be opened once the "
    "keys of their days are destroyed."
)


class BadCertificate(Invalid):
    """It is no certificate, or not as it was signed."""

    code = "bad_certificate"
    message = "This is not a certificate of this installation, or it was changed."


def certify(work: UnitOfWork, signer: Signer, request: SubjectRequest) -> str:
    """The certificate of a request whose steps are over, as JSON."""
    mine = select(SubjectStep).where(SubjectStep.request_id == request.id)
    steps = {(step.phase, step.holder): step for step in work.session.scalars(mine)}
    erased = sorted(holder for phase, holder in steps if phase == Phase.ERASE)
    certified: dict[str, object] = {
        "format": FORMAT,
        "tenant": str(request.tenant_id),
        "request": str(request.id),
        "reference": request.reference,
        "received_at": request.received_at.isoformat(),
        "certified_at": work.now.isoformat(),
        "holders": [
            _line(holder, steps[Phase.ERASE, holder], steps[Phase.RESCAN, holder])
            for holder in erased
        ],
        "copies": _COPIES,
    }
    return signed(signer, certified)


def signed(signer: Signer, certified: dict[str, object]) -> str:
    """The certificate of what is certified, as JSON. Its `format` is one of FORMATS."""
    signature = signer.private.sign(_message(signer.identity, certified))
    return json.dumps(
        {
            "certificate": certified,
            "signed_by": str(signer.identity),
            "signature": base64.b64encode(signature).decode(),
        },
        indent=2,
    )


def verify_certificate(text: str, identity: Identity) -> dict[str, Any]:
    """What is certified. Raises BadCertificate.

    The signature is of one reading, so a text with another one is refused: a name that stands in
    it twice, or words beside those that are signed, which a person would read and nobody signed.
    """
    try:
        document = json.loads(text, object_pairs_hook=_each_once)
        certified = document["certificate"]
        if document.keys() != _NAMES or document["signed_by"] != str(identity):
            raise BadCertificate
        signature = base64.b64decode(document["signature"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(identity.public_key)
        key.verify(signature, _message(identity, certified))
    except _UNREADABLE:
        raise BadCertificate from None
    if not isinstance(certified, dict) or certified.get("format") not in FORMATS:
        raise BadCertificate
    return certified


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadCertificate
    return made


def _line(holder: str, erased: SubjectStep, rescanned: SubjectStep) -> dict[str, object]:
    return {
        "holder": holder,
        "removed": erased.found,
        "retained": erased.retained,
        "because": erased.because,
        "until": erased.until.isoformat() if erased.until else None,
        "found_afterwards": rescanned.found,
    }


def _message(identity: Identity, certified: object) -> bytes:
    plain = json.dumps(certified, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _DOMAIN + identity.origin + plain.encode()
