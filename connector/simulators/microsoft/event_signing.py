"""Signing Partner Center's events as Microsoft does, with an authority of the simulator's own."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from connector.simulators.certificates import LocalTls

CERTIFICATE_PATH = "/cert/pcnotifications.microsoft.com.cer"
_BITS = 2048


@dataclass(frozen=True, slots=True)
class EventSigner:
    """A key, its certificate, and the authority that vouches for it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    authority: x509.Certificate

    @classmethod
    def made(
        cls, now: datetime, *, organisation: str = "Microsoft Corporation", lasts_days: int = 30
    ) -> "EventSigner":
        """One that is valid from an hour ago."""
        root_key = rsa.generate_private_key(65537, _BITS)
        key = rsa.generate_private_key(65537, _BITS)
        root_name, since = _name("Simulated authority"), now - timedelta(hours=1)
        root = _builder(root_name, root_name, root_key.public_key(), since, 365)
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        root = root.add_extension(_signs(), critical=True)
        # Whoever trusts it trusts it for nothing but this machine.
        here = x509.NameConstraints([x509.DNSName("localhost")], None)
        root = root.add_extension(here, critical=True)
        authority = root.sign(root_key, hashes.SHA256())
        name = _name("pcnotifications.microsoft.com", organisation)
        leaf = _builder(name, root_name, key.public_key(), since, lasts_days)
        leaf = leaf.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]),
            critical=False,
        )
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        leaf = leaf.add_extension(issuer, critical=False)
        return cls(key, leaf.sign(root_key, hashes.SHA256()), authority)

    def certificate_file(self) -> bytes:
        """What the link leads to."""
        return self.certificate.public_bytes(Encoding.DER)

    def headers(self, body: bytes, base: str) -> dict[str, str]:
        """What comes with an event. `base`: where the certificate is."""
        signature = self.key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return {
            "Authorization": f"Signature {b64encode(signature).decode()}",
            "X-MS-Certificate-Url": f"{base}{CERTIFICATE_PATH}",
            "X-MS-Signature-Algorithm": "rsa-sha256",
            "Content-Type": "application/json",
        }


def with_authority(tls: LocalTls, signer: EventSigner) -> Path:
    """A file with both authorities: of the simulator's connections, and of its events."""
    both = tls.authority.with_name("trusted.pem")
    both.write_bytes(tls.authority.read_bytes() + signer.authority.public_bytes(Encoding.PEM))
    return both


def event_body(name: str, resource: str, at: datetime) -> bytes:
    """An event as Partner Center writes it."""
    said: dict[str, Any] = {
        "EventName": name,
        "ResourceUri": f"https://api.partnercenter.microsoft.com/v1/{resource}s/x",
        "ResourceName": resource,
        "AuditUri": None,
        "ResourceChangeUtcDate": f"{at:%Y-%m-%dT%H:%M:%S}.3520276+00:00",
    }
    return msgspec.json.encode(said)


def _name(common: str, organisation: str = "Simulated") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    name: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, since: datetime, days: int
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(since)
    made = made.not_valid_after(since + timedelta(days=days))
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _signs() -> x509.KeyUsage:
    named = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**dict.fromkeys(named, False), key_cert_sign=True, crl_sign=True)
