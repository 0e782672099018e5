"""Opens a bundle: the JWE (RFC 7516) around a permit's content. In memory only."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from kiosk.dinas.contract import ContentKey
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

LARGEST = 8 * 1024 * 1024  # contract: Permit.bundle.size
# Members that this kiosk does not know are ignored, as the contract asks.
_REGISTRY = jwe.JWERegistry(algorithms=["dir", "A256GCM"], strict_check_header=False)
_REGISTRY.max_ciphertext_length = LARGEST * 2


class ContentType(enum.StrEnum):
    """``cty`` of the JWE, as the contract writes it."""

    PDF = "application/pdf"
    CARD = "application/adm-card+jws"


@dataclass(frozen=True)
class Opened:
    """What was in the bundle."""

    kind: ContentType
    content: bytes = field(repr=False)


def open_bundle(sealed: bytes, key: ContentKey, permit_id: str) -> Opened:
    """Decrypt, and see that it belongs to this permit: the header with its kid is authenticated with the content.

    Raises DocumentError: cannot-open, or wrong-permit.
    """
    try:
        opened = jwe.decrypt_compact(sealed, OctKey.import_key({"kty": key.kty, "k": key.k}), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DocumentError(NoticeKind.DAMAGED, "cannot-open") from error
    header = opened.headers()
    if header.get("kid") != permit_id:
        raise DocumentError(NoticeKind.DAMAGED, "wrong-permit")
    if header.get("alg") != "dir" or header.get("enc") != "A256GCM" or opened.plaintext is None:
        raise DocumentError(NoticeKind.DAMAGED, "cannot-open")
    try:
        kind = ContentType(str(header.get("cty")))
    except ValueError:
        raise DocumentError(NoticeKind.DAMAGED, "unknown-content") from None
    return Opened(kind, opened.plaintext)
