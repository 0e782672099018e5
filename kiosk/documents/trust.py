"""Roots and revocation lists: what a signature must stand under."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import pem, x509


class TrustError(Exception):
    """A configured root cannot be read; the text names the file."""


def load_roots(paths: Iterable[str]) -> list[x509.Certificate]:
    """The certificates of these PEM (or DER) files. Raises TrustError."""
    roots = []
    for path in paths:
        try:
            data = Path(path).read_bytes()
            blocks = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
            roots += [_certificate(der) for der in blocks]
        except (OSError, ValueError, TypeError) as error:
            raise TrustError(f"{path}: expected a certificate in PEM ({error})") from error
    return roots


def parse_crls(lists: Iterable[bytes]) -> list[Any]:
    """CRLs in DER; one that is none is left out, so that what it would cover is refused."""
    parsed = []
    for der in lists:
        try:
            one = asn1_crl.CertificateList.load(der, strict=True)
            _ = one["tbs_cert_list"].native
        except (ValueError, TypeError):
            continue
        parsed.append(one)
    return parsed


def _certificate(der: bytes) -> x509.Certificate:
    certificate: x509.Certificate = x509.Certificate.load(der, strict=True)
    _ = certificate.subject.native  # parsed lazily: what is broken shows here
    return certificate
