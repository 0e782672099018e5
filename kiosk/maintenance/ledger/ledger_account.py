"""Spoiled blanks and sheets that no operator has in hand yet, and what follows when one has."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.command_line import CannotError
from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.maintenance.findings import wrapped
from kiosk.maintenance.ledger import words
from kiosk.maintenance.ledger.books import Books, Case
from kiosk.maintenance.ledger.ledger_show import field

NO_SERIAL = "tidak tercatat; baca dari kartu dan sebut dengan --blank"


def waiting(one: Case, width: int) -> str:
    """A spoiled attempt that nobody has accounted for, and what is to be done."""
    attempt = one.attempt
    lines = [f"Percobaan {attempt.attempt_id}"]
    lines += field("Dokumen", f"{attempt.document} ({attempt.medium}) di {attempt.device}", width)
    lines += field("Izin cetak", attempt.permit_id, width)
    lines += field("Keadaan", f"{words.PHASES[attempt.phase]}, {words.moment(one.changed_at)}", width)
    if attempt.reason:
        lines += field("Sebab", words.reason(attempt.reason), width)
    if attempt.medium == "card":
        lines += field("Blanko", attempt.blank or NO_SERIAL, width)
    lines.append("  Yang harus dilakukan:")
    command = f"adm-kiosk ledger account {attempt.attempt_id} --operator ID"
    found = f"Sudah di tangan Anda: {command}"
    for step in (*words.TAKE_OUT[attempt.medium], found, words.NOT_FOUND[attempt.medium]):
        lines += wrapped("    - ", step, " " * 6, width)
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class Accounting:
    """What is asked for."""

    attempt_id: str
    operator_id: str
    blank: str | None = None

    def case(self, books: Books) -> Case:
        """The attempt. Raises CannotError for one with nothing to account for."""
        one = books.case(self.attempt_id)
        listed = "Lihat: adm-kiosk ledger unaccounted."
        if one is None:
            raise CannotError(f"{self.attempt_id}: tidak ada percobaan ini. {listed}")
        attempt = one.attempt
        if attempt.phase is Phase.UNKNOWN:
            way = "putuskan dahulu apa yang terjadi: adm-kiosk ledger settle"
            raise CannotError(f"{self.attempt_id}: percobaan ini belum diketahui hasilnya; {way}.")
        if attempt.outcome is not OutcomeKind.SPOILED:
            raise CannotError(
                f"{self.attempt_id}: percobaan ini {words.PHASES[attempt.phase]} ({attempt.phase}); tidak ada bahan "
                f"rusak yang harus dipertanggungjawabkan. {listed}"
            )
        if attempt.accounted_by:
            raise CannotError(
                f"{self.attempt_id}: sudah dipertanggungjawabkan oleh operator {attempt.accounted_by}. {listed}"
            )
        if self.blank and attempt.medium != "card":
            raise CannotError(f"--blank {self.blank}: lembar kertas tidak bernomor blanko; jalankan tanpa --blank.")
        return one

    def consequences(self, one: Case) -> str:
        """What follows, told before it is done."""
        lines = [
            f"Bila dicatat sudah di tangan operator {self.operator_id}:",
            "  - Dinas diberi tahu, dan pemohon dapat mencetak lagi sesudah anjungan dihidupkan dan tersambung.",
            "  - Bahannya ada di tangan Anda sampai dimusnahkan dengan berita acara. Bila ia ternyata ada pada orang",
            "    lain, pemohon dapat memiliki dua dokumen.",
            *self._of_the_blank(one),
            "  - Catatan ini tidak dapat dicabut, dan tercatat di rantai audit atas nama Anda.",
        ]
        return "\n".join(lines)

    def _of_the_blank(self, one: Case) -> list[str]:
        in_books = one.attempt.blank
        if one.attempt.medium != "card" or (in_books and self.blank == in_books):
            return []
        if self.blank is None:
            if in_books:
                return [
                    f"  - Blankonya bernomor {in_books} menurut buku. Nomor lain pada kartu: batalkan, pakai --blank."
                ]
            return [
                "  - Nomor blankonya tidak tercatat: tanpa --blank kartu ini kelak tidak dapat dicatat dimusnahkan."
            ]
        if in_books is None:
            return [f"  - Kartu ini dicatat bernomor {self.blank}."]
        return [
            f"  - Nomor di buku {in_books}, yang Anda baca {self.blank}: keduanya ditukar di buku. Bila tidak dapat,",
            "    terbuka selisih yang harus dijelaskan.",
        ]

    async def act(self, ledger: Ledger) -> int:
        """Write it. Answers how many differences this has opened."""
        before = ledger.blanks.stock.open_differences
        await ledger.account_for_blank(self.attempt_id, self.operator_id, self.blank)
        return ledger.blanks.stock.open_differences - before

    def told(self, opened: int) -> str:
        """What was done."""
        text = f"Tercatat: bahan percobaan {self.attempt_id} di tangan operator {self.operator_id}."
        return f"{text}\n{opened} selisih terbuka karena nomornya: adm-kiosk ledger differences" if opened else text
