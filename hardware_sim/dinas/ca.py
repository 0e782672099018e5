"""The Dinas' own small certificate authority, made fresh into the world's directory at the first start.

Roots: ``tls`` (server and kiosk client certificates), ``document`` (PAdES signatures, the TTE of the Kepala Dinas),
``card`` (JWS of card contents), ``staff`` (smart cards of operators and technicians), and ``foreign``, which nobody is
told to trust: it signs what a scenario wants to be refused.
"""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOTS = {
    "tls": "Dinas Uji TLS (SPESIMEN)",
    "document": "Dinas Uji TTE (SPESIMEN)",
    "card": "Dinas Uji Kartu (SPESIMEN)",
    "staff": "Dinas Uji Petugas (SPESIMEN)",
    "foreign": "Akar Asing (SPESIMEN)",
}
REVOCATION_LISTS = ("document", "card", "staff")  # those of /v1/revocations
ROOT_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=365)
LIST_LIFE = timedelta(days=30)
BACKDATED = timedelta(days=1)  # so that a kiosk whose clock is a little behind still takes what is fresh

_Pair = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
_Extensions = list[tuple[x509.ExtensionType, bool]]


@dataclass(frozen=True)
class Signer:
    """A key with its certificate; ``root`` has issued the certificate, with nothing between."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return _key_pem(self.key)

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


class Authority:
    """All keys of the Dinas, kept as PEM files under ``directory`` (roots: ``<kind>-root.pem``)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._roots = {kind: self._pair(f"{kind}-root", partial(_make_root, name)) for kind, name in ROOTS.items()}
        self.document_signer = self._signer("document", "Kepala Dinas Uji (SPESIMEN)")
        self.card_signer = self._signer("card", "Penerbit Kartu Uji (SPESIMEN)")
        self.witness = self._signer("tls", "Saksi Audit Uji (SPESIMEN)", name="witness")
        self.foreign_signer = self._signer("foreign", "Penanda Tangan Asing (SPESIMEN)")
        self._revoked_file = directory / "revoked.json"
        self._write_lists()

    # -- what others are given

    def root_path(self, kind: str) -> Path:
        """PEM file of a root certificate: tls, document, card, staff or foreign."""
        return self.directory / f"{kind}-root.pem"

    def server_certificate(self) -> tuple[Path, Path]:
        """Certificate (PEM) and key of the Dinas' server, for localhost and 127.0.0.1."""
        names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return self._leaf_files(
            "server",
            "tls",
            "localhost",
            [
                (x509.SubjectAlternativeName(names), False),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            ],
        )

    def kiosk_certificate(self, kiosk_id: str) -> tuple[Path, Path]:
        """Client certificate (PEM) and key of a kiosk; its common name is the kiosk id."""
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return self._leaf_files(f"kiosk-{kiosk_id}", "tls", kiosk_id, [(usage, False)])

    # -- revocation

    def revoke(self, signer: Signer) -> None:
        """Put the signer's certificate on its root's list, from now on."""
        revoked = self._revoked()
        revoked[str(signer.certificate.serial_number)] = datetime.now(UTC).isoformat()
        self._revoked_file.write_text(json.dumps(revoked))
        self._write_lists()

    def unrevoke(self, signer: Signer) -> None:
        """Take it off again; only a simulator can do so."""
        revoked = self._revoked()
        revoked.pop(str(signer.certificate.serial_number), None)
        self._revoked_file.write_text(json.dumps(revoked))
        self._write_lists()

    def revocation_list(self, kind: str) -> bytes:
        """The list of a root as DER: document, card, staff (or foreign)."""
        return (self.directory / f"{kind}.crl").read_bytes()

    def _revoked(self) -> dict[str, str]:
        return dict(json.loads(self._revoked_file.read_text())) if self._revoked_file.exists() else {}

    def _write_lists(self) -> None:
        now = datetime.now(UTC)
        for kind in (*REVOCATION_LISTS, "foreign"):
            key, certificate = self._roots[kind]
            builder = (
                x509.CertificateRevocationListBuilder()
                .issuer_name(certificate.subject)
                .last_update(now - BACKDATED)
                .next_update(now + LIST_LIFE)
                .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
                .add_extension(_authority_id(certificate), critical=False)
            )
            for serial, at in self._revoked().items():
                builder = builder.add_revoked_certificate(
                    x509.RevokedCertificateBuilder()
                    .serial_number(int(serial))
                    .revocation_date(datetime.fromisoformat(at))
                    .build()
                )
            der = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
            (self.directory / f"{kind}.crl").write_bytes(der)

    # -- keys on disk

    def _signer(self, kind: str, common_name: str, name: str = "") -> Signer:
        root_key, root = self._roots[kind]
        usage = _usage(content_commitment=True)
        key, certificate = self._pair(
            name or f"{kind}-signer", lambda: _make_leaf(common_name, root_key, root, [(usage, True)])
        )
        return Signer(key, certificate, root)

    def _leaf_files(self, name: str, kind: str, common_name: str, extensions: _Extensions) -> tuple[Path, Path]:
        root_key, root = self._roots[kind]
        self._pair(
            name,
            lambda: _make_leaf(common_name, root_key, root, [(_usage(content_commitment=False), True), *extensions]),
        )
        return self.directory / f"{name}.pem", self.directory / f"{name}.key"

    def _pair(self, name: str, make: Callable[[], _Pair]) -> _Pair:
        certificate_file, key_file = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        if not certificate_file.exists():
            key, certificate = make()
            with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_key_pem(key))
            certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key_file}: not an elliptic curve key")
        return loaded, x509.load_pem_x509_certificate(certificate_file.read_bytes())


def _make_root(common_name: str) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    certificate = (
        _builder(name, name, key.public_key(), ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _make_leaf(
    common_name: str, root_key: ec.EllipticCurvePrivateKey, root: x509.Certificate, extensions: _Extensions
) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(common_name), root.subject, key.public_key(), LEAF_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_authority_id(root), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return key, builder.sign(root_key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dinas Uji (SPESIMEN)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, content_commitment: bool = False, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
