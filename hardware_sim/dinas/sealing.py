"""Sealed content: the JWE that kiosks hold ahead of time, and the signed content of cards inside it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey

from hardware_sim.dinas.ca import Signer

CTY_PDF = "application/pdf"
CTY_CARD = "application/adm-card+jws"
KEY_BYTES = 32
LARGEST = 8388608  # contract: maximum of Permit.bundle.size


@dataclass(frozen=True)
class Sealed:
    """A bundle and what opens it."""

    jwe: bytes
    key: bytes

    @property
    def size(self) -> int:
        return len(self.jwe)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.jwe).hexdigest()


def seal(permit_id: str, content: bytes, cty: str) -> Sealed:
    """JWE (RFC 7516) compact under a fresh key; ``kid`` binds it to the permit."""
    key = secrets.token_bytes(KEY_BYTES)
    header = {"alg": "dir", "enc": "A256GCM", "kid": permit_id, "cty": cty}
    sealed = Sealed(jwe.encrypt_compact(header, content, OctKey.import_key(key)).encode(), key)
    if sealed.size > LARGEST:
        raise ValueError(f"the bundle has {sealed.size} bytes, more than the {LARGEST} of the contract")
    return sealed


def sign_card(
    permit_id: str, document: str, fields: dict[str, str], photo: bytes | None, signature: bytes | None, signer: Signer
) -> bytes:
    """JWS (RFC 7515) compact over CardContent; ``x5c`` holds the leaf alone, since the root stays out."""
    content: dict[str, Any] = {"permit_id": permit_id, "document": document, "fields": fields}
    if photo is not None:
        content["photo"] = base64.b64encode(photo).decode()
    if signature is not None:
        content["signature"] = base64.b64encode(signature).decode()
    header = {"alg": "ES256", "x5c": [base64.b64encode(signer.certificate_der).decode()]}
    payload = json.dumps(content, ensure_ascii=False).encode()
    return jws.serialize_compact(header, payload, ECKey.import_key(signer.key_pem)).encode()
