"""One PAdES signature over a whole PDF, with pyHanko.

Level B-B: the contract allows it, and the lists that count are those of ``/v1/revocations``; one that lay in the file
would age with it.
"""

from __future__ import annotations

import io
from typing import cast

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hardware_sim.dinas.ca import Signer

FIELD = "TandaTangan"
REASON = "Penerbitan dokumen kependudukan (SPESIMEN)"


def sign(pdf: bytes, signer: Signer) -> bytes:
    """The PDF with one PAdES B-B signature that covers all of it; the signer's root is put into no file.

    Not in a thread that runs an event loop: pyHanko starts one of its own.
    """
    key = signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pyhanko_signer = signers.SimpleSigner(
        signing_cert=asn1_certificate(signer.certificate),
        signing_key=cast(asn1_keys.PrivateKeyInfo, asn1_keys.PrivateKeyInfo.load(key)),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=REASON
    )
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=pyhanko_signer, output=out)
    return out.getvalue()


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko takes it."""
    der = certificate.public_bytes(Encoding.DER)
    return cast(asn1_x509.Certificate, asn1_x509.Certificate.load(der))
