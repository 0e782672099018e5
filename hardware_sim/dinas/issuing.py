"""From verified content to a permit with a sealed bundle: drawn, signed, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardware_sim.dinas import sealing
from hardware_sim.dinas.ca import Authority, Signer
from hardware_sim.dinas.model import Application, Bundle, Permit, PermitState
from hardware_sim.dinas.samples import draw_and_sign, page_count, photo, signature_picture
from hardware_sim.dinas.sealing import Sealed
from hardware_sim.dinas.settings import DinasSettings


@dataclass(frozen=True)
class Kind:
    """A kind of document, as this Dinas issues it."""

    title: str
    medium: str  # card | a4


DOCUMENTS = {
    "ktp-el": Kind("KTP-el", "card"),
    "kia": Kind("KIA", "card"),
    "kk": Kind("Kartu Keluarga", "a4"),
    "akta-kelahiran": Kind("Akta Kelahiran", "a4"),
    "akta-kematian": Kind("Akta Kematian", "a4"),
    "akta-perkawinan": Kind("Akta Perkawinan", "a4"),
    "akta-perceraian": Kind("Akta Perceraian", "a4"),
    "biodata": Kind("Biodata Penduduk", "a4"),
    "skpwni": Kind("Surat Pindah", "a4"),
}
WITH_CHIP = ("ktp-el",)  # a KIA has no chip


@dataclass(frozen=True)
class Issued:
    """A sealed document."""

    sealed: Sealed
    pages: int | None  # None for a card


class Issuer:
    """Draws and signs as the Kepala Dinas, and seals for a permit."""

    def __init__(self, authority: Authority, settings: DinasSettings) -> None:
        self._authority = authority
        self._settings = settings

    def content(self, permit_id: str, document: str, content: dict[str, Any], *, foreign: bool = False) -> bytes:
        """The signed document: a PDF, or the JWS of a card. ``foreign`` signs under a root that nobody trusts."""
        if DOCUMENTS[document].medium == "a4":
            return draw_and_sign(document, content, self._signer("document", foreign))
        fields = content["fields"]
        # A KIA carries no signature of the child.
        written = signature_picture(fields["nik"]) if document == "ktp-el" else None
        return sealing.sign_card(permit_id, document, fields, portrait(content), written, self._signer("card", foreign))

    def issue(self, permit_id: str, document: str, content: dict[str, Any]) -> Issued:
        """Draw, sign and seal. ``content`` is that of the application (hardware_sim.dinas.people)."""
        signed = self.content(permit_id, document, content)
        pages = None if DOCUMENTS[document].medium == "card" else page_count(document, content)
        return Issued(sealing.seal(permit_id, signed, cty_of(document)), pages)

    def permit(self, permit_id: str, application: Application, issued: Issued, now: datetime) -> Permit:
        """The permit of a verified application, not yet in the database."""
        return Permit(
            permit_id=permit_id,
            application=application,
            applicant=application.applicant,
            document=application.document,
            medium=application.medium,
            title=application.title,
            holder=mask(application.holder),
            pages=issued.pages,
            state=PermitState.READY,
            active=True,
            made_at=now,
            expires_at=now + timedelta(days=self._settings.permit_days),
            content_key=issued.sealed.key,
            bundle_size=issued.sealed.size,
            bundle_sha256=issued.sealed.sha256,
            bundle=Bundle(permit_id=permit_id, jwe=issued.sealed.jwe),
        )

    def _signer(self, kind: str, foreign: bool) -> Signer:
        if foreign:
            return self._authority.foreign_signer
        return self._authority.document_signer if kind == "document" else self._authority.card_signer


def portrait(content: dict[str, Any]) -> bytes | None:
    """The JPEG for a card and its chip; None for a young child's KIA."""
    wanted = content.get("photo")
    return photo(wanted["seed"], wanted["background"]) if wanted else None


def cty_of(document: str) -> str:
    """Content type of a sealed document, as in the JWE's header."""
    return sealing.CTY_CARD if DOCUMENTS[document].medium == "card" else sealing.CTY_PDF


def mask(name: str) -> str:
    """Each word by its first letter: enough to know oneself, too little for the person behind. ``SITI`` -> ``S***``."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
