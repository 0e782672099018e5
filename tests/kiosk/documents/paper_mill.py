"""What a forger would make of a signed PDF, and what else a Dinas may make of one: later revisions, lists, stamps."""

from __future__ import annotations

import datetime as dt
import io
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from small_dinas import DAY, DER, NOW, Party, party, revocation_list

Change = Callable[[Any], object]  # gets the writer of a PDF


def picture_pages(*pictures: Image.Image, size: tuple[float, float] = A4) -> bytes:
    """A PDF with a picture over the whole of each page."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=size)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def changed(pdf: bytes, change: Change) -> bytes:
    """Written anew with a change, before anybody signs it."""
    return _written(copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))), change)


def updated(pdf: bytes, change: Change) -> bytes:
    """With a later revision, as an attacker would add it."""
    return _written(IncrementalPdfFileWriter(io.BytesIO(pdf)), change)


def _written(writer: Any, change: Change) -> bytes:
    change(writer)
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def page_entry(name: str, value: Any) -> Change:
    """Sets an entry of the first page."""

    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page[pdf_name(name)] = value
        writer.update_container(page)

    return change


def root_entry(name: str, make: Callable[[Any], Any]) -> Change:
    """Sets an entry of the catalogue to what ``make`` returns for the writer."""

    def change(writer: Any) -> None:
        writer.root[pdf_name(name)] = make(writer)
        if isinstance(writer, IncrementalPdfFileWriter):
            writer.update_root()

    return change


def numbers(*values: float) -> Any:
    return generic.ArrayObject(generic.FloatObject(value) for value in values)


def swollen(megabytes: int) -> Change:
    """Gives the first page a content that inflates to so much."""
    packer = zlib.compressobj(1)
    block = b" " * 2**20
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()

    def change(writer: Any) -> None:
        about = {pdf_name("/Filter"): pdf_name("/FlateDecode")}
        stream = writer.add_object(generic.StreamObject(about, encoded_data=packed))
        page_entry("/Contents", stream)(writer)

    return change


def old_list(root: Party, *, ends: dt.datetime) -> Any:
    """A revocation list of last week, with nothing on it."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(NOW - 7 * DAY)
        .next_update(ends)
        .add_extension(x509.CRLNumber(0), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
    )
    return asn1_crl.CertificateList.load(builder.sign(root.key, hashes.SHA256()).public_bytes(DER))


def sign(
    pdf: bytes,
    signer: Party,
    root: Party,
    *,
    box: tuple[int, int, int, int] | None = None,
    lists_inside: bool = False,
    stamper: Party | None = None,
) -> bytes:
    """PAdES: visible in a box, B-LT with the lists inside, B-LTA with a document time stamp."""
    store = SimpleCertificateStore()
    store.register(root.asn1)
    inside = lists_inside or stamper is not None
    context = ValidationContext(trust_roots=[root.asn1], crls=[revocation_list(root)], revocation_mode="require")
    about = signers.PdfSignatureMetadata(
        field_name="Dinas",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        embed_validation_info=inside,
        validation_context=context if inside else None,
        use_pades_lta=stamper is not None,
    )
    made = signers.PdfSigner(
        about,
        signer=signers.SimpleSigner(signing_cert=signer.asn1, signing_key=_key(signer), cert_registry=store),
        timestamper=DummyTimeStamper(stamper.asn1, _key(stamper), store) if stamper else None,
        new_field_spec=fields.SigFieldSpec("Dinas", box=box) if box else None,
    )
    out = io.BytesIO()
    with ThreadPoolExecutor(1) as apart:  # it runs a loop of its own, and the tests have one already
        apart.submit(made.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out).result()
    return out.getvalue()


def time_stamper(root: Party) -> Party:
    """Somebody whose certificate is for time stamps; with RSA, since pyHanko's stamper for tests knows nothing else."""
    key = rsa.generate_private_key(65537, 2048)
    like = party("Penanda Waktu Uji", root).certificate
    usage = like.extensions.get_extension_for_class(x509.KeyUsage)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(like.subject)
        .issuer_name(like.issuer)
        .public_key(key.public_key())
        .serial_number(like.serial_number)
        .not_valid_before(like.not_valid_before_utc)
        .not_valid_after(like.not_valid_after_utc)
        .add_extension(usage.value, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )
    return Party(key, certificate)  # type: ignore[arg-type]  # an RSA key signs as well as any


def pictures_of(document: bytes) -> list[Image.Image]:
    """The picture of each page of a PDF of pictures, to the pixel."""
    reader = PdfFileReader(io.BytesIO(document), strict=True)
    found = []
    for number in range(int(reader.root["/Pages"]["/Count"])):
        image = reader.find_page_for_modification(number)[0].get_object()["/Resources"]["/XObject"]["/P"]
        mode = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}[image["/ColorSpace"]]
        found.append(Image.frombytes(mode, (int(image["/Width"]), int(image["/Height"])), image.data))
    return found


def _key(one: Party) -> Any:
    return asn1_keys.PrivateKeyInfo.load(
        one.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
