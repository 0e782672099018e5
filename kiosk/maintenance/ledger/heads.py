"""Heads of the audit chain that somebody keeps: whose signature one bears, and what it says (contract, /v1/audit)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kiosk.settings import Settings

_REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
_REGISTRY.max_header_length = 32 * 1024  # x5c holds whole certificates


class HeadError(Exception):
    """A head that proves nothing; the text is Indonesian, for who gave it."""


class ForgedError(HeadError):
    """Its signature is not that of the key that it names: somebody wrote it."""


@dataclass(frozen=True)
class Head:
    """What a signed head says, and whose signature it bears."""

    kiosk: str
    seq: int
    hash: str
    at: str
    signer: str  # for people: the name in the certificate
    by_kiosk: bool  # the kiosk's own key: worth something only where somebody else has kept it


@dataclass(frozen=True)
class Trusted:
    """Whose signatures count: keys by themselves, and authorities whose certificates for signing count."""

    keys: tuple[tuple[str, ec.EllipticCurvePublicKey], ...] = ()  # with a name for people
    authorities: tuple[x509.Certificate, ...] = ()
    kiosk: str | None = None  # the kiosk whose chain it is; None: not known
    kiosk_key: ec.EllipticCurvePublicKey | None = None

    @classmethod
    def read(cls, settings: Settings | None, files: Sequence[Path]) -> Trusted:
        """The kiosk's own certificate and the Dinas' authority, and any PEM files. Raises HeadError for a bad file.

        What the settings name and is not there is passed over: then its signatures cannot be known, which is said
        where one is met.
        """
        keys: list[tuple[str, ec.EllipticCurvePublicKey]] = []
        authorities: list[x509.Certificate] = []
        for path in files:
            for one in _pem(path):
                if isinstance(one, x509.Certificate) and _is_authority(one):
                    authorities.append(one)
                else:
                    keys.append(_named_key(one, path))
        own = _present(settings.dinas.certificate) if settings else []
        if settings:
            authorities += [one for one in _present(settings.dinas.ca) if isinstance(one, x509.Certificate)]
        name, kiosk_key = _named_key(own[0], Path("-")) if own else (None, None)
        if name and kiosk_key:
            keys.append((name, kiosk_key))
        return cls(tuple(keys), tuple(authorities), name, kiosk_key)


@dataclass(frozen=True)
class Signed:
    """What somebody signed, and who: the signature was checked."""

    claims: dict[str, Any]
    signer: str
    by_kiosk: bool


def check_signature(token: str, trusted: Trusted) -> Signed:
    """The claims of a JWS. Raises HeadError, and ForgedError for a signature that is wrong."""
    try:
        signed = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY)
        header: dict[str, Any] = signed.headers()
        claims = json.loads(signed.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise HeadError("bukan tulisan bertanda tangan (JWS)") from error
    if not isinstance(claims, dict) or not isinstance(claims.get("kiosk"), str):
        raise HeadError("tulisan bertanda tangan ini tidak menyebut anjungannya")
    if trusted.kiosk and claims["kiosk"] != trusted.kiosk:
        raise HeadError(f"ini milik anjungan {claims['kiosk']}, bukan {trusted.kiosk}")
    signer, key = _signer(token, header, trusted)
    return Signed(claims, signer, trusted.kiosk_key is not None and _same(key, trusted.kiosk_key))


def read_head(token: str, trusted: Trusted) -> Head:
    """The head in this JWS, its signature checked. Raises HeadError, and ForgedError for a signature that is wrong."""
    signed = check_signature(token, trusted)
    kiosk, seq, hashed, at = (signed.claims.get(name) for name in ("kiosk", "seq", "hash", "at"))
    if type(seq) is not int or seq < 1:
        raise HeadError("isi kepala rantai ini tidak lengkap (kiosk, seq, hash, at)")
    if not isinstance(kiosk, str) or not isinstance(hashed, str) or not isinstance(at, str):
        raise HeadError("isi kepala rantai ini tidak lengkap (kiosk, seq, hash, at)")
    return Head(kiosk, seq, hashed, at, signed.signer, signed.by_kiosk)


def _signer(token: str, header: dict[str, Any], trusted: Trusted) -> tuple[str, ec.EllipticCurvePublicKey]:
    """Who signed: by name and key. The certificate in the header counts only under an authority that is trusted."""
    known = next(((name, key) for name, key in trusted.keys if _holds(token, key)), None)
    if known:
        return known
    leaf = _leaf(header)
    if leaf is None:
        raise HeadError("tanda tangannya bukan dari kunci yang dikenal; beri kunci penandatangan dengan --key BERKAS")
    name, key = _named_key(leaf, Path("x5c"))
    if not _holds(token, key):
        raise ForgedError(f"tanda tangannya palsu: tidak cocok dengan sertifikat {name} di dalamnya")
    if not any(_issued(leaf, authority) for authority in trusted.authorities):
        raise HeadError(f"sertifikat {name} bukan di bawah CA yang dikenal; beri CA-nya dengan --key BERKAS")
    if _is_kiosk(leaf):
        raise HeadError(f"sertifikat {name} adalah sertifikat anjungan; saksi rantai harus Dinas")
    return name, key


def _holds(token: str, key: ec.EllipticCurvePublicKey) -> bool:
    if not isinstance(key.curve, ec.SECP256R1):
        return False
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        jws.deserialize_compact(token.encode("ascii"), ECKey.import_key(pem), registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True


def _leaf(header: dict[str, Any]) -> x509.Certificate | None:
    found = header.get("x5c")
    if not isinstance(found, list) or not found:
        return None
    try:
        return x509.load_der_x509_certificate(base64.b64decode(found[0], validate=True))
    except (ValueError, TypeError) as error:
        raise HeadError("sertifikat di dalam kepala rantai ini tidak dapat dibaca") from error


def _issued(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return _is_authority(authority)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_kiosk(certificate: x509.Certificate) -> bool:
    """Made for a client of the Dinas: then its key lies in a kiosk, and witnesses nothing."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage


def _named_key(one: x509.Certificate | ec.EllipticCurvePublicKey, path: Path) -> tuple[str, ec.EllipticCurvePublicKey]:
    if isinstance(one, ec.EllipticCurvePublicKey):
        return path.name, one
    names = one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    key = one.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise HeadError(f"{path}: kuncinya bukan P-256")
    return str(names[0].value) if names else path.name, key


def _present(path: str) -> list[x509.Certificate | ec.EllipticCurvePublicKey]:
    try:
        return _pem(Path(path))
    except HeadError:
        return []


def _pem(path: Path) -> list[x509.Certificate | ec.EllipticCurvePublicKey]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HeadError(f"{path}: tidak dapat dibaca ({error.strerror})") from error
    try:
        return list(x509.load_pem_x509_certificates(content))
    except ValueError:
        pass  # then a public key
    try:
        key = load_pem_public_key(content)
    except ValueError as error:
        raise HeadError(f"{path}: bukan sertifikat dan bukan kunci publik PEM") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise HeadError(f"{path}: kuncinya bukan P-256")
    return [key]


def _same(one: ec.EllipticCurvePublicKey, other: ec.EllipticCurvePublicKey) -> bool:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return one.public_bytes(*form) == other.public_bytes(*form)
