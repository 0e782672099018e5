"""What a Dinas signs and seals, and what somebody else would like to pass off as that: real PDFs, JWS and JWE."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.lib.colors import black, red
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Party:
    """A key with its certificate; a root is its own issuer."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @cached_property
    def asn1(self) -> asn1_x509.Certificate:
        certificate: asn1_x509.Certificate = asn1_x509.Certificate.load(self.certificate.public_bytes(DER))
        return certificate


def party(name: str, issuer: Party | None = None, *, ends: dt.datetime = NOW + 365 * DAY) -> Party:
    """A root, or somebody whom ``issuer`` has given a certificate for signing."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing = issuer.key if issuer else key
    root = issuer is None
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 10 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .add_extension(x509.KeyUsage(not root, not root, False, False, False, root, root, False, False), critical=True)
        .sign(signing, hashes.SHA256())
    )
    return Party(key, certificate)


def revocation_list(root: Party, *revoked: Party) -> Any:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(NOW - 2 * DAY).build())
    return asn1_crl.CertificateList.load(builder.sign(root.key, hashes.SHA256()).public_bytes(DER))


# -- paper


def plain_pdf(pages: int = 1, size: tuple[float, float] = A4, *, colour: bool = False) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    for number in range(pages):
        canvas.setFillColor(red if colour else black)
        canvas.drawString(60, 500, f"SPESIMEN halaman {number + 1}")
        canvas.rect(60, 300, 200, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def sign_pdf(pdf: bytes, signer: Party, field: str = "Dinas") -> bytes:
    """With a plain PAdES B-B signature."""
    private = signer.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    simple = signers.SimpleSigner(
        signing_cert=signer.asn1,
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    with ThreadPoolExecutor(1) as apart:  # it runs a loop of its own, and the tests have one already
        apart.submit(signers.PdfSigner(metadata, signer=simple).sign_pdf, writer, output=out).result()
    return out.getvalue()


# -- cards

FIELDS = {
    "provinsi": "JAWA TIMUR", "kabupaten": "TUBAN", "nik": "3523164107900001", "nama": "SITI SPESIMEN",
    "tempat_lahir": "TUBAN", "tanggal_lahir": "01-07-1990", "jenis_kelamin": "PEREMPUAN", "gol_darah": "O",
    "alamat": "JL. BASUKI RAHMAT 12", "rt_rw": "003/005", "kel_desa": "SIDOREJO", "kecamatan": "TUBAN",
    "agama": "ISLAM", "status_perkawinan": "KAWIN", "pekerjaan": "PEDAGANG", "kewarganegaraan": "WNI",
    "berlaku_hingga": "SEUMUR HIDUP", "kota_terbit": "TUBAN", "tanggal_terbit": "01-02-2026",
}  # fmt: skip


def photo(size: tuple[int, int] = (60, 80)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#b22222").save(file, "JPEG")
    return file.getvalue()


def card_payload(permit_id: str, **changes: Any) -> bytes:
    picture = base64.b64encode(photo()).decode()
    content = {"permit_id": permit_id, "document": "ktp-el", "fields": FIELDS, "photo": picture, "later": 1}
    return json.dumps({**content, **changes}).encode()


def sign_card(payload: bytes, signer: Party, *, shown: Party | None = None) -> bytes:
    """A JWS whose x5c shows the signer's certificate, or somebody else's."""
    certificate = (shown or signer).certificate.public_bytes(DER)
    header = {"alg": "ES256", "x5c": [base64.b64encode(certificate).decode()]}
    key = ECKey.import_key(
        signer.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    registry.max_header_length = 32 * 1024
    return jws.serialize_compact(header, payload, key, registry=registry).encode()


# -- bundles


def seal(content: bytes, permit_id: str, key: bytes, **header: str) -> bytes:
    protected = {"alg": "dir", "enc": "A256GCM", "kid": permit_id, "cty": "application/pdf", **header}
    registry = jwe.JWERegistry(algorithms=[protected["alg"], protected["enc"]], strict_check_header=False)
    return jwe.encrypt_compact(protected, content, OctKey.import_key(key), registry=registry).encode()
