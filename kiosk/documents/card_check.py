"""Is this card content genuine? A JWS (RFC 7515), ES256, its certificate under a pinned root and not revoked."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from joserfc import jws
from joserfc.jwk import ECKey
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError

from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

LARGEST_PICTURE = 512 * 1024
MOST_CERTIFICATES = 5
SPECIMEN = "SPESIMEN"
_REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
_REGISTRY.max_header_length = 32 * 1024  # x5c holds whole certificates
_REGISTRY.max_payload_length = 2 * 1024 * 1024


class _Payload(msgspec.Struct):
    """CardContent of the contract; members that are not known are ignored."""

    permit_id: str
    document: str
    fields: dict[str, str]
    photo: str | None = None
    signature: str | None = None


@dataclass(frozen=True)
class CardContent:
    """What is printed on a card. Personal; lives in memory for the length of one attempt."""

    fields: dict[str, str] = field(repr=False)
    photo: bytes | None = field(repr=False, default=None)  # JPEG
    signature: bytes | None = field(repr=False, default=None)  # PNG
    specimen: bool = False  # signed by an authority that calls itself one of samples


async def check_card(
    signed: bytes, roots: Sequence[x509.Certificate], crls: Sequence[Any], *, permit_id: str, document: str
) -> CardContent:
    """The content of a genuine card of this permit and kind.

    Raises DocumentError: not-genuine for a signature that is broken, foreign or revoked, damaged for other content, and
    dinas-away where nothing but a fresh revocation list is missing.
    """
    try:
        chain = _chain(jws.extract_compact(signed, registry=_REGISTRY).headers())
        # The key of the leaf, and no other: "jwk", "kid" and their like in the header count for nothing.
        key = ECKey.import_key(_public_key_pem(chain[0]))
        content = jws.deserialize_compact(signed, key, registry=_REGISTRY).payload
    except DocumentError:
        raise
    except Exception as error:  # a hostile certificate can fail the parsers in any way (an unknown curve, a version 9)
        raise DocumentError(NoticeKind.NOT_GENUINE, "signature-broken") from error
    await _require_trusted(chain, roots, crls)
    return _content(content, chain, roots, permit_id, document)


def _public_key_pem(certificate: x509.Certificate) -> bytes:
    key = load_der_x509_certificate(certificate.dump()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _chain(header: dict[str, Any]) -> list[x509.Certificate]:
    """The certificates of ``x5c``, leaf first (RFC 7515, 4.1.6)."""
    found = header.get("x5c")
    if header.get("alg") != "ES256" or not isinstance(found, list) or not 1 <= len(found) <= MOST_CERTIFICATES:
        raise DocumentError(NoticeKind.NOT_GENUINE, "not-signed")
    chain = [x509.Certificate.load(base64.b64decode(one, validate=True), strict=True) for one in found]
    for certificate in chain:
        _ = certificate.subject.native  # parsed lazily: what is broken shows here
    return chain


async def _require_trusted(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], crls: Sequence[Any]
) -> None:
    try:
        await _validate(chain, roots, crls, revocation_mode="require")
    except RevokedError as error:
        raise DocumentError(NoticeKind.NOT_GENUINE, "signer-revoked") from error
    except Exception as error:  # as above: what cannot be validated is not trusted
        try:
            await _validate(chain, roots, crls, revocation_mode="soft-fail")
        except Exception as still:  # the same
            raise DocumentError(NoticeKind.NOT_GENUINE, "signature-foreign") from still
        # A fresh list is all that is missing: then nobody is told of a forgery.
        raise DocumentError(NoticeKind.DINAS_AWAY, "revocation-unknown") from error


async def _validate(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    crls: Sequence[Any],
    *,
    revocation_mode: str,
) -> None:
    context = ValidationContext(
        trust_roots=list(roots), crls=list(crls), allow_fetching=False, revocation_mode=revocation_mode
    )
    validator = CertificateValidator(chain[0], intermediate_certs=list(chain[1:]), validation_context=context)
    await validator.async_validate_usage({"digital_signature"})


def _content(
    payload: bytes, chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], permit_id: str, document: str
) -> CardContent:
    try:
        found = msgspec.json.decode(payload, type=_Payload)
        photo, signature = _picture(found.photo), _picture(found.signature)
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error, ValueError, RecursionError) as error:
        raise DocumentError(NoticeKind.DAMAGED, "no-card-content") from error
    if found.permit_id != permit_id:
        raise DocumentError(NoticeKind.DAMAGED, "wrong-permit")
    if found.document != document:
        raise DocumentError(NoticeKind.DAMAGED, "wrong-document")
    specimen = any(SPECIMEN in str(c.subject.native).upper() + str(c.issuer.native).upper() for c in chain)
    return CardContent(found.fields, photo, signature, specimen)


def _picture(encoded: str | None) -> bytes | None:
    if encoded is None:
        return None
    if len(encoded) > LARGEST_PICTURE * 4 // 3 + 4:
        raise ValueError("a picture too large for a card")
    return base64.b64decode(encoded, validate=True)
