"""What must hold after every cell, whatever was broken: the kiosk's books against what really came out."""

from __future__ import annotations

from collections import Counter

from fault_play import Play
from fault_stage import PRINTERS, FaultStage, Row

from kiosk import protocol as p

DEVICES = {device: printer for printer, device in PRINTERS.items()}
MEDIA = {"paper_printer": p.Medium.A4, "card_printer": p.Medium.CARD}


def check(play: Play) -> list[str]:
    """What does not agree. To be asked after the cell's next start, before anything is made whole."""
    stage, attempts = play.stage, play.stage.attempts()
    own = attempts[play.before.attempts :]
    log = stage.log()[play.before.log :]
    return [
        *_permits_twice(stage, attempts),
        *_blanks_missing(stage),
        *(wrong for attempt in own for wrong in _contradictions(stage, attempt)),
        *_fed_in_vain(play, own),
        *_blocked_in_vain(stage, attempts),
        *(
            f"{what} is in the log"
            for what, text in (("a NIK", play.applicant.nik), ("a PIN", play.applicant.pin))
            if text in log
        ),
    ]


def _sheets(stage: FaultStage, attempt: Row) -> list[Row]:
    printer = DEVICES[attempt["device"]]
    return [r for r in stage.printed(printer) if r["event"] == "sheet" and r["name"] == attempt["attempt_id"]]


def _fate(stage: FaultStage, serial: object) -> str:
    """Where a card is now: taken, reject (the bin), cleared, or path."""
    for row in stage.printed("card"):
        if row.get("serial") == serial and row["event"] in ("taken", "cleared"):
            return str(row["event"])
        if row.get("serial") == serial and row["event"] == "moved" and row["to"] == "reject":
            return "reject"
    return "path"


def _permits_twice(stage: FaultStage, attempts: list[Row]) -> list[str]:
    copies: Counter[str] = Counter()
    wrong = []
    for attempt in attempts:
        sheets = _sheets(stage, attempt)
        if len(sheets) > (attempt["sheets"] or 0):
            wrong.append(f"more sheets than the document has: {attempt}")
        if attempt["medium"] == "card":
            sheets = [sheet for sheet in sheets if _fate(stage, sheet["serial"]) == "taken"]
        copies[attempt["permit_id"]] += len(sheets) > 0
    return wrong + [f"printed {number} times: permit {permit}" for permit, number in copies.items() if number > 1]


def _blanks_missing(stage: FaultStage) -> list[str]:
    """Every blank that was fed is taken, in the bin, cleared by an operator, or still in the path."""
    if "dispenser" in stage.world.where:
        return []  # its blanks are counted below, by itself
    fates = Counter(_fate(stage, row["serial"]) for row in stage.printed("card") if row["event"] == "fed")
    now = stage.memory("card")
    wrong = [] if fates["path"] == (now.position != "none") else [f"a blank is missing: {fates}, path {now.position}"]
    return wrong + ([] if fates["reject"] == now.rejected else [f"the bin counts {now.rejected}, its ledger {fates}"])


def _contradictions(stage: FaultStage, attempt: Row) -> list[str]:
    """An end that the kiosk is sure of must be the truth."""
    sheets, outcome = _sheets(stage, attempt), attempt["outcome"]
    fates = [_fate(stage, sheet["serial"]) for sheet in sheets] if attempt["medium"] == "card" else []
    true = {
        None: False,
        "unknown": True,
        "not_printed": not sheets,
        "printed": len(sheets) == attempt["sheets"] and fates in ([], ["taken"]),
        "spoiled": "taken" not in fates,
    }[outcome]
    return [] if true else [f"outcome {outcome} of a {attempt['medium']} with {len(sheets)} sheets, {fates}"]


def _fed_in_vain(play: Play, attempts: list[Row]) -> list[str]:
    """A blank was fed for each card attempt that is not 'surely nothing', and for no other."""
    fed = sum(row["event"] == "fed" for row in play.stage.printed("card")[play.before.printed["card"] :])
    if play.before.dispenser:
        fed = play.stage.dispenser()["fed"] - play.before.dispenser["fed"]
    cards = [a for a in attempts if a["medium"] == "card"]
    sure = sum(a["outcome"] in ("printed", "spoiled") for a in cards)
    doubt = sum(a["outcome"] == "unknown" for a in cards)
    if sure <= fed <= sure + doubt:
        return []
    return [f"{fed} blanks were fed, for {[(a['phase'], a['reason']) for a in cards]}"]


def _blocked_in_vain(stage: FaultStage, attempts: list[Row]) -> list[str]:
    """All is mended: closed is what is in doubt, and nothing else."""
    in_doubt = {MEDIA[a["device"]] for a in attempts if a["outcome"] == "unknown"}
    show = stage.screen.show
    if show is None or not isinstance(show.view, p.HomeView):
        return [f"after the next start, all mended: {show and show.view}"]
    closed = {state.medium: state.trouble for state in show.view.media if not state.ready}
    return [] if closed == dict.fromkeys(in_doubt, p.Trouble.IN_DOUBT) else [f"in doubt {in_doubt}, closed {closed}"]
