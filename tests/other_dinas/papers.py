"""What the other Dinas signs and seals: a small PKI, a signed PDF, a card's JWS, and the JWE around them.

JOSE is written out by hand from RFC 7515 and RFC 7516, so that two readings of the standards meet in the kiosk.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

YEAR = dt.timedelta(days=365)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Identity:
    """A key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key


def make_root(name: str) -> Identity:
    return _make(name, None, ca=True)


def issue(name: str, root: Identity, *, host: str | None = None, purpose: str = "sign") -> Identity:
    return _make(name, root, host=host, purpose=purpose)


def empty_crl(root: Identity) -> str:
    """A revocation list with nothing on it: base64 of DER, as the contract hands it over."""
    now = dt.datetime.now(dt.UTC)
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(now - dt.timedelta(hours=1))
        .next_update(now + YEAR)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )
    return base64.b64encode(crl.public_bytes(serialization.Encoding.DER)).decode()


def signed_pdf(signer: Identity, root: Identity) -> bytes:
    """A page of A4 with a plain PAdES B-B signature: no validation data inside."""
    plain = io.BytesIO()
    page = Canvas(plain, pagesize=A4)
    page.setFont("Helvetica", 18)
    page.drawString(60, 740, "SPESIMEN: dokumen dari Dinas yang lain")
    page.save()
    plain.seek(0)
    store = SimpleCertificateStore()
    store.register(_asn1(root.certificate))
    pdf_signer = signers.SimpleSigner(
        signing_cert=_asn1(signer.certificate), signing_key=_asn1_key(signer), cert_registry=store
    )
    signed = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Dinas", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
        ),
        signer=pdf_signer,
    ).sign_pdf(IncrementalPdfFileWriter(plain), output=signed)
    return signed.getvalue()


def card_jws(permit_id: str, fields_: dict[str, str], photo: bytes, signer: Identity) -> bytes:
    """The content of a card as a JWS (RFC 7515) with ES256 and the signer's certificate in x5c."""
    der = signer.certificate.public_bytes(serialization.Encoding.DER)
    header = {"alg": "ES256", "x5c": [base64.b64encode(der).decode()]}
    payload = {
        "permit_id": permit_id,
        "document": "ktp-el",
        "fields": fields_,
        "photo": base64.b64encode(photo).decode(),
        "a_member_nobody_knows": True,
    }
    signing_input = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}".encode()
    r, s = utils.decode_dss_signature(signer.key.sign(signing_input, ec.ECDSA(hashes.SHA256())))
    return signing_input + b"." + b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")).encode()


def seal(permit_id: str, content_type: str, content: bytes, key: bytes) -> bytes:
    """A JWE (RFC 7516) in compact form: direct encryption, A256GCM."""
    header = b64(json.dumps({"alg": "dir", "enc": "A256GCM", "kid": permit_id, "cty": content_type}).encode())
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, content, header.encode())
    return f"{header}..{b64(nonce)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}".encode()


def portrait() -> bytes:
    """A drawing of nobody."""
    picture = Image.new("RGB", (240, 320), "#B22222")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((70, 60, 170, 180), fill="#E0B090")
    draw.pieslice((20, 180, 220, 420), 180, 360, fill="#304060")
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()


def _make(
    name: str, root: Identity | None, *, ca: bool = False, host: str | None = None, purpose: str = "sign"
) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = root or Identity(key, None)  # type: ignore[arg-type]  # a root signs itself; its certificate is being made
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject if root else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + YEAR)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(_usage(ca=ca, purpose=purpose), critical=True)
    )
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    if purpose in {"server", "client"}:
        oid = ExtendedKeyUsageOID.SERVER_AUTH if purpose == "server" else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([oid]), critical=False)
    return Identity(key, builder.sign(issuer.key, hashes.SHA256()))


def _usage(*, ca: bool, purpose: str) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca and purpose == "sign",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _asn1(certificate: x509.Certificate):  # type: ignore[no-untyped-def]  # asn1crypto has no types
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _asn1_key(identity: Identity):  # type: ignore[no-untyped-def]  # asn1crypto has no types
    from asn1crypto.keys import PrivateKeyInfo

    return PrivateKeyInfo.load(
        identity.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
