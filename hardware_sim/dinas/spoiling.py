"""Bundles that a kiosk must refuse, one way each: what scenarios and tests put in the place of a good one."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from typing import Any

from sqlalchemy.orm import Session

from hardware_sim.dinas import bundles, sealing
from hardware_sim.dinas.issuing import Issuer, cty_of
from hardware_sim.dinas.model import Permit
from hardware_sim.dinas.samples import draw
from hardware_sim.dinas.samples.spoil import append_javascript, append_stamp, flip_bit
from hardware_sim.dinas.sealing import Sealed

# What was signed is another now, or was never signed by anybody of ours.
PAPER_WAYS = ("bit-flip", "foreign-signer", "unsigned", "cut-off", "javascript", "stamp")
CARD_WAYS = ("bit-flip", "foreign-signer", "other-permit")
# What holds it is wrong, for any document.
BUNDLE_WAYS = ("digest", "kid", "key")
GOOD = "good"


def spoil(session: Session, issuer: Issuer, permit: Permit, way: str) -> None:
    """Put a bundle spoiled in this way (or a ``good`` one) in the place of the permit's own; kiosks see a change."""
    ways = (*(PAPER_WAYS if permit.medium == "a4" else CARD_WAYS), *BUNDLE_WAYS, GOOD)
    if way not in ways:
        raise ValueError(f"way {way!r}; expected one of {', '.join(ways)}")
    document, content = permit.document, permit.application.content
    other_id = str(uuid.uuid4())
    signed = issuer.content(
        other_id if way == "other-permit" else permit.permit_id, document, content, foreign=way == "foreign-signer"
    )
    signed = _spoiled_paper(signed, document, content, way) if permit.medium == "a4" else _spoiled_card(signed, way)
    sealed = sealing.seal(other_id if way == "kid" else permit.permit_id, signed, cty_of(document))
    _put(session, permit, sealed, way)


def _put(session: Session, permit: Permit, sealed: Sealed, way: str) -> None:
    permit.bundle.jwe = sealed.jwe
    permit.content_key = secrets.token_bytes(sealing.KEY_BYTES) if way == "key" else sealed.key
    permit.bundle_size = sealed.size
    permit.bundle_sha256 = hashlib.sha256(b"other").hexdigest() if way == "digest" else sealed.sha256
    bundles.put(session, permit)


def _spoiled_paper(pdf: bytes, document: str, content: dict[str, Any], way: str) -> bytes:
    if way == "bit-flip":
        return flip_bit(pdf)
    if way == "unsigned":
        return draw(document, content)
    if way == "cut-off":
        return pdf[: len(pdf) * 2 // 3]
    if way == "javascript":
        return append_javascript(pdf)
    return append_stamp(pdf) if way == "stamp" else pdf


def _spoiled_card(jws: bytes, way: str) -> bytes:
    """Another name, under the signature of the first one."""
    if way != "bit-flip":
        return jws
    header, payload, signature = jws.split(b".")
    content = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    content["fields"]["nama"] = "SESEORANG LAIN"
    changed = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")
    return b".".join((header, changed, signature))
