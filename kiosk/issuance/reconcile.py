"""At start, before the kiosk opens: every attempt that was cut off gets its end, by evidence and one table (verdict).

A card in the path is moved to the bin, never presented: whoever stands there now may be somebody else.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from drivers.device import WORKING_STATES, DeviceState
from drivers.errors import DeviceError
from drivers.printer import CardPrinter, JobReport, Json, Printer
from kiosk.issuance import card_path, deadlines
from kiosk.issuance.evidence import last_look
from kiosk.issuance.verdict import NOT_CONFIRMED, Path, Seen, Verdict, judge
from kiosk.ledger.attempts import Attempt, Facts
from kiosk.ledger.events import CardRejectedAtStart, PaperLeft, code, system
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase

log = logging.getLogger(__name__)

ACTOR = system("reconciliation")
LOOK_EVERY_S = 1.0

_ASKS_PRINTER = frozenset({Phase.OPENED, Phase.SUBMITTED, Phase.PRINTING})
_THERE = WORKING_STATES | {DeviceState.USER_ERROR, DeviceState.HARDWARE_ERROR}


async def reconcile(
    ledger: Ledger, paper: Printer | None, cards: CardPrinter | None, *, patience_s: float = deadlines.AWAY_AT_START
) -> list[Attempt]:
    """Give each unfinished attempt its end, and clear the card path. Returns the attempts as they are now.

    ``patience_s``: so long a printer that has something to tell may take to answer.
    """
    ended = []
    for attempt in await ledger.unfinished():
        printer = next((p for p in (paper, cards) if p is not None and p.name == attempt.device), None)
        if printer is not None:
            await _there(printer, patience_s)
        path_of = cards if attempt.medium == "card" and printer is cards else None
        ended.append(await _settle(ledger, attempt, printer, path_of))
    if cards is not None:
        await _clear_path(ledger, cards, None)
    return ended


async def _settle(ledger: Ledger, attempt: Attempt, printer: Printer | None, cards: CardPrinter | None) -> Attempt:
    report = await _ask(attempt, printer)
    seen = await _see(attempt, report, printer, cards)
    verdict = judge(attempt.phase, seen)
    log.warning(
        "attempt %s was cut off while %s: %s (%s)", attempt.attempt_id, attempt.phase, verdict.phase, verdict.because
    )
    shown = await last_look(printer, cards) if printer is not None else {}
    facts = _facts(verdict, seen, report, shown)
    if verdict.phase is Phase.RETRACTED:
        return await _take_back(ledger, attempt, facts, cards)
    ended = await ledger.advance(attempt.attempt_id, verdict.phase, ACTOR, facts)
    if ended.reason == NOT_CONFIRMED:
        await ledger.record(PaperLeft(actor=ACTOR, attempt=ended.attempt_id, device=code(ended.device)))
    if cards is not None and seen.path is Path.CARD:
        await _clear_path(ledger, cards, attempt.attempt_id)
    return ended


async def _take_back(ledger: Ledger, attempt: Attempt, facts: Facts, cards: CardPrinter | None) -> Attempt:
    """The row before the motion, and again with its outcome when the card is known to lie in the bin."""
    if attempt.phase is not Phase.RETRACTED:
        await ledger.advance(attempt.attempt_id, Phase.RETRACTED, ACTOR, facts)
    in_bin = False
    if cards is not None:
        obstacle = await _clear_path(ledger, cards, attempt.attempt_id)
        in_bin = await card_path.in_bin(cards, attempt.before, obstacle)
        facts = replace(facts, evidence={**(facts.evidence or {}), **await last_look(cards, cards)})
    if in_bin:
        return await ledger.advance(attempt.attempt_id, Phase.RETRACTED, ACTOR, facts)
    return await ledger.advance(attempt.attempt_id, Phase.UNKNOWN, ACTOR, replace(facts, reason="not-in-bin"))


async def _ask(attempt: Attempt, printer: Printer | None) -> JobReport | None:
    """What spooler, fence and device say; None if nobody can be asked, or there is nothing to ask about."""
    if printer is None or attempt.phase not in _ASKS_PRINTER:
        return None
    try:
        async with asyncio.timeout(deadlines.FIND):
            return await printer.find(attempt.attempt_id, attempt.before, attempt.sheets or 1)
    except (DeviceError, TimeoutError) as error:
        log.error("attempt %s: the printer cannot be asked (%s)", attempt.attempt_id, error)
        return None


async def _see(attempt: Attempt, report: JobReport | None, printer: Printer | None, cards: CardPrinter | None) -> Seen:
    end, reason = (report.end, report.reason) if report else (None, "")
    if attempt.medium != "card":
        return Seen(end, Path.NONE, None, reason)
    if cards is None or printer is None:
        return Seen(end, Path.UNKNOWN, None, reason)
    return Seen(end, await card_path.look(cards), await card_path.binned(printer, attempt.before), reason)


def _facts(verdict: Verdict, seen: Seen, report: JobReport | None, shown: dict[str, Json]) -> Facts:
    evidence = {**(report.evidence if report else {}), **seen.record(), **shown, "verdict": verdict.because}
    return Facts(reason=code(verdict.reason), evidence=evidence)


async def _clear_path(ledger: Ledger, cards: CardPrinter, attempt_id: str | None) -> str | None:
    """Move a card in the path to the bin, after a record of it; None, or the code of what was in the way."""
    position = await card_path.position(cards)
    if await card_path.look(cards) is not Path.CARD:
        return None
    await ledger.record(
        CardRejectedAtStart(actor=ACTOR, device=code(cards.name), position=position, attempt=attempt_id)
    )
    return await card_path.reject(cards)


async def _there(printer: Printer, patience_s: float) -> None:
    """Wait until the printer answers, or patience ends; then it is judged without its word."""
    try:
        async with asyncio.timeout(patience_s):
            while (await printer.refresh()).state not in _THERE:  # noqa: ASYNC110  # a printer says nothing unasked
                await asyncio.sleep(LOOK_EVERY_S)
    except (DeviceError, TimeoutError):
        log.error("%s: does not answer; its attempts are judged without it", printer.name)
