"""Partner Center's events: signed with a certificate that comes with them, by a link.

The link is believed only where it leads to Microsoft's own store of certificates, the certificate
only where a trusted authority vouches for it and it is of Microsoft's organisation, and the event
only where its bytes are what was signed. As documented under "How to authenticate the callback".
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from cryptography.x509.verification import (
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from privacy.core.errors import Unauthenticated

STORE: Final = "3psostorageacct.blob.core.windows.net"
"""Microsoft's store of the certificates that sign events."""
AUTHORITIES: Final = "www.microsoft.com"
"""Where Microsoft publishes the certificates between those and the trusted ones."""
ORGANISATION: Final = "Microsoft Corporation"
_PATH: Final = re.compile(r"/cert/[A-Za-z0-9._-]{1,100}\.cer")
_ISSUER_PATH: Final = re.compile(r"/pki[a-z]*/[A-Za-z0-9%._/ -]{1,200}\.(?:crt|cer)")
_SIGNATURE: Final = re.compile(r"(?i:Signature) ([A-Za-z0-9+/]{100,2000}={0,2})")
_MOST_ISSUERS: Final = 3
_HASHES: Final = {"rsa-sha256": hashes.SHA256(), "rsa-sha384": hashes.SHA384(),
                  "rsa-sha512": hashes.SHA512()}  # fmt: skip

Fetch = Callable[[str], bytes]
"""The body at a URL of a declared recipient. Raises Failure."""


class NotMicrosofts(Unauthenticated):
    """It is not shown to be Microsoft's. Which of the checks said so is told to nobody."""

    code = "signature_not_valid"
    message = "This event is not signed by Microsoft."


class Event(msgspec.Struct, frozen=True, rename="pascal"):
    """What is read of an event: what changed, not how."""

    event_name: str
    resource_name: str = ""
    resource_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """An event as it came."""

    body: bytes
    signature: bytes
    algorithm: str
    certificate_url: str

    def __repr__(self) -> str:
        return "<Signed>"


def read_signed(body: bytes, headers: Mapping[str, str]) -> Signed:
    """The headers that have to be there. Raises NotMicrosofts."""
    said = {name.lower(): value for name, value in headers.items()}
    found = _SIGNATURE.fullmatch(said.get("authorization", ""))
    algorithm = said.get("x-ms-signature-algorithm", "").lower()
    if found is None or algorithm not in _HASHES:
        raise NotMicrosofts
    try:
        signature = b64decode(found[1], validate=True)
    except binascii.Error:
        raise NotMicrosofts from None
    return Signed(body, signature, algorithm, said.get("x-ms-certificate-url", ""))


def check_certificate_url(url: str, *, simulator: str = "") -> str:
    """The URL, where it may be asked for a certificate. Raises NotMicrosofts.

    Args:
        simulator: base URL that stands in for Microsoft in development.
    """
    parts = urlsplit(url)
    place = simulator or f"https://{STORE}"
    if f"{parts.scheme}://{parts.netloc}" != place or not _PATH.fullmatch(parts.path):
        raise NotMicrosofts
    if parts.query or parts.fragment:
        raise NotMicrosofts
    return url


def chain_of(data: bytes, fetch: Fetch) -> list[x509.Certificate]:
    """A certificate and those that vouch for it, as far as Microsoft publishes them."""
    found = [_certificate(data)]
    while len(found) <= _MOST_ISSUERS and found[-1].issuer != found[-1].subject:
        url = _issuer_url(found[-1])
        if not url:
            break
        found.append(_certificate(fetch(url)))
    return found


def verify_event(
    signed: Signed,
    chain: list[x509.Certificate],
    *,
    roots: list[x509.Certificate],
    now: datetime,
) -> Event:
    """The event. Raises NotMicrosofts."""
    leaf, *between = chain
    _check_chain(leaf, between, roots, now)
    key = leaf.public_key()
    organisations = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    if not isinstance(key, rsa.RSAPublicKey) or [o.value for o in organisations] != [ORGANISATION]:
        raise NotMicrosofts
    try:
        key.verify(signed.signature, signed.body, padding.PKCS1v15(), _HASHES[signed.algorithm])
        return msgspec.json.decode(signed.body.removeprefix(b"\xef\xbb\xbf"), type=Event)
    except (InvalidSignature, msgspec.MsgspecError, UnicodeDecodeError):
        raise NotMicrosofts from None


def _check_chain(
    leaf: x509.Certificate,
    between: list[x509.Certificate],
    roots: list[x509.Certificate],
    now: datetime,
) -> None:
    """RFC 5280 §6, to one of `roots`. What the certificate may be used for is not said by it in
    one way: some of Microsoft's are made for servers."""
    if not roots:
        raise NotMicrosofts
    policies = PolicyBuilder().store(Store(roots)).time(now.replace(tzinfo=None))
    relaxed = policies.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    try:
        relaxed.build_client_verifier().verify(leaf, between)
    except (VerificationError, ValueError):
        raise NotMicrosofts from None


def _certificate(data: bytes) -> x509.Certificate:
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError:
        raise NotMicrosofts from None


def _issuer_url(certificate: x509.Certificate) -> str:
    """Where its issuer's certificate is; asked for by https, whatever it says."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except (x509.ExtensionNotFound, ValueError):
        return ""
    for one in access.value:
        location = one.access_location
        if one.access_method != AuthorityInformationAccessOID.CA_ISSUERS:
            continue
        parts = urlsplit(str(location.value))
        if parts.netloc == AUTHORITIES and _ISSUER_PATH.fullmatch(parts.path):
            return urlunsplit(("https", parts.netloc, parts.path, "", ""))
    return ""
