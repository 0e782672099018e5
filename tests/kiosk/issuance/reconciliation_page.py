"""Writes docs/reconciliation.md: ``python tests/kiosk/issuance/reconciliation_page.py``.

From the table itself, and from what the list of documents really says to who comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from kiosk.dinas.contract import BundleRef, OutcomeKind, Permit, PermitState
from kiosk.engine.past import before_of
from kiosk.issuance.verdict import TABLE, Rule
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.past import Past
from kiosk.ledger.phases import Phase
from kiosk.protocol import Medium, MediumState
from kiosk.screen import words
from kiosk.session.documents import document
from kiosk.session.machine import Machine

PAGE = Path(__file__).parents[3] / "docs" / "reconciliation.md"
HEAD = """# Reconciliation: what became of an attempt that was cut off

Generated from `kiosk/issuance/verdict.py` by `python tests/kiosk/issuance/reconciliation_page.py`; do not edit.

At every start, before the kiosk opens, each attempt without an end is judged by this table; the first row that fits
counts. The same table judges a printing that went wrong while the kiosk runs. *any*: whatever it is, or nobody can be
asked. A card in the path is moved to the reject bin after its row, and never presented: whoever stands there now may be
somebody else. Nothing is printed again by itself.

The last column is what the list of documents says to the applicant who comes back with the same PIN, once the Dinas
knows the outcome; *[waktu]* stands for day and time.

"""
COLUMNS = (
    "phase on the disk",
    "job, by spooler, fence and device",
    "card path",
    "bin counter moved",
    "becomes",
    "code",
    "because",
    "the applicant reads",
)
# What the Dinas makes of each outcome (contract): a spoiled blank is accounted for before the permit is ready again.
_AT_DINAS = {
    OutcomeKind.PRINTED: PermitState.PRINTED,
    OutcomeKind.NOT_PRINTED: PermitState.READY,
    OutcomeKind.SPOILED: PermitState.SUSPECT,
    OutcomeKind.UNKNOWN: PermitState.SUSPECT,
}
_OUTCOMES = {
    Phase.TAKEN: OutcomeKind.PRINTED,
    Phase.FAILED: OutcomeKind.NOT_PRINTED,
    Phase.SPOILED: OutcomeKind.SPOILED,
    Phase.RETRACTED: OutcomeKind.SPOILED,
    Phase.UNKNOWN: OutcomeKind.UNKNOWN,
}
_AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


def page() -> str:
    """The whole page."""
    rows = (COLUMNS, ("---",) * len(COLUMNS), *map(_row, TABLE))
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(rule: Rule) -> tuple[str, ...]:
    moved = {None: "any", True: "yes", False: "no"}[rule.binned]
    columns = (_said(rule.phases), _said(rule.ends), _said(rule.paths), moved)
    return (*columns, f"**{rule.verdict}**", f"`{rule.reason}`", rule.because, reads(rule))


def reads(rule: Rule) -> str:
    """What the list of documents says after this row."""
    outcome = _OUTCOMES[rule.verdict]
    attempt = Attempt("a", "p", "kk", "a4", "paper_printer", rule.verdict, outcome, reason=rule.reason)
    before = before_of(Past(attempt, _AT))
    assert before is not None, "a verdict is an end"
    permit = Permit("p", "kk", "a4", "KK", "S***", _AT_DINAS[outcome], BundleRef(1, ""))
    machine = Machine("", "", (MediumState(Medium.A4, ready=True, seconds=60),))
    return words.became(document(permit, machine, before)).replace(words.moment(before.at), "*[waktu]*")


def _said(values: Iterable[Enum] | None) -> str:
    return "any" if values is None else ", ".join(sorted(str(value.value) for value in values))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
