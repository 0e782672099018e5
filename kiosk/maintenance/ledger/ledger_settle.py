"""What an operator found an attempt in doubt to be: what follows from it, and the writing."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.command_line import CannotError
from kiosk.dinas.contract import OutcomeKind
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.maintenance.ledger import words
from kiosk.maintenance.ledger.books import Books, Case

_FOLLOWS = {
    Phase.TAKEN: "Hak cetak pemohon habis: izin ini tidak dapat dicetak lagi di mana pun.",
    Phase.FAILED: "Pemohon dapat mencetak lagi. Bila dokumen yang pertama ternyata ada, akan ada dua.",
    Phase.SPOILED: "Bahannya dicatat rusak dan ada di tangan Anda sampai dimusnahkan. Pemohon dapat mencetak lagi.",
    Phase.RETRACTED: "Dokumennya dicatat ditarik kembali dan ada di tangan Anda. Pemohon dapat mencetak lagi.",
}
_OUTCOMES = {
    Phase.TAKEN: OutcomeKind.PRINTED,
    Phase.FAILED: OutcomeKind.NOT_PRINTED,
    Phase.SPOILED: OutcomeKind.SPOILED,
    Phase.RETRACTED: OutcomeKind.SPOILED,
}


@dataclass(frozen=True)
class Settlement:
    """What is asked for."""

    attempt_id: str
    phase: str
    operator_id: str
    blank: str | None = None
    reason: str | None = None

    def case(self, books: Books) -> Case:
        """The attempt. Raises CannotError for one that is not in doubt."""
        one = books.case(self.attempt_id)
        if one is None:
            raise CannotError(f"{self.attempt_id}: tidak ada percobaan ini. Lihat: adm-kiosk ledger doubts.")
        if one.attempt.phase is not Phase.UNKNOWN:
            phase = one.attempt.phase
            raise CannotError(
                f"{self.attempt_id}: percobaan ini {words.PHASES[phase]} ({phase}), bukan keraguan. Hanya yang di "
                "adm-kiosk ledger doubts dapat diputuskan."
            )
        return one

    def consequences(self, one: Case) -> str:
        """What follows, told before it is done."""
        phase = Phase(self.phase)
        lines = [
            f"Bila diputuskan sebagai {phase} ({words.PHASES[phase]}):",
            f"  - Dinas diberi tahu: {words.OUTCOMES[_OUTCOMES[phase]]}, diputuskan operator {self.operator_id}.",
            f"  - {_FOLLOWS[phase]}",
            f"  - {one.attempt.device} melayani lagi sesudah anjungan dihidupkan.",
            "  - Keputusan ini tidak dapat dicabut, dan tercatat di rantai audit atas nama Anda.",
        ]
        return "\n".join(lines)

    async def act(self, ledger: Ledger) -> Attempt:
        """Write it."""
        facts = Facts(blank=self.blank, reason=self.reason)
        return await ledger.settle(self.attempt_id, Phase(self.phase), self.operator_id, facts)
