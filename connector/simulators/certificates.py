"""TLS on this machine: an authority made here, which can vouch for this machine and nothing else.

Both keys stay in one folder that only its owner can read, and are used again while they last, so
that what trusts the authority once need not be told again at each start.
"""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from privacy.core.clock import now

LASTS: Final = timedelta(days=90)
_REST: Final = timedelta(days=7)
_CA, _SERVER = "authority.pem", "server.pem"


@dataclass(frozen=True, slots=True)
class LocalTls:
    """`context` is a server's. `authority`: the file that clients have to trust."""

    context: ssl.SSLContext
    authority: Path


def local_tls(folder: Path) -> LocalTls:
    """What a server at 127.0.0.1 or localhost needs; made where it is missing or nearly over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, server = folder / _CA, folder / _SERVER
    if not (authority.exists() and server.exists() and _lasts(authority)):
        _make(authority, server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(server)
    return LocalTls(context, authority)


def _lasts(path: Path) -> bool:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        return False
    return found.not_valid_before_utc <= now() < found.not_valid_after_utc - _REST


def _make(authority: Path, server: Path) -> None:
    key, since = ec.generate_private_key(ec.SECP256R1()), now() - timedelta(days=1)
    issuer = _name("Silta simulators on this machine")
    made = _authority(key, issuer, since)
    own = ec.generate_private_key(ec.SECP256R1())
    leaf = _leaf(own, key, issuer, since)
    plain = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server.unlink(missing_ok=True)
    server.touch(mode=0o600)
    server.write_bytes(plain + leaf.public_bytes(Encoding.PEM))
    authority.write_bytes(made.public_bytes(Encoding.PEM))


def _authority(
    key: ec.EllipticCurvePrivateKey, issuer: x509.Name, since: datetime
) -> x509.Certificate:
    """Whoever trusts it trusts it for loopback only. Its key is thrown away."""
    here = [x509.DNSName("localhost"), x509.IPAddress(IPv4Network("127.0.0.0/8"))]
    return (
        _certificate(issuer, issuer, key.public_key(), since)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(here, None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    own: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    since: datetime,
) -> x509.Certificate:
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        _certificate(_name("localhost"), issuer, own.public_key(), since)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(server, critical=False)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + LASTS)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
