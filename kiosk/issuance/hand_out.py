"""From printed to taken: the row *presented* with its proof, the motion, and the hand that takes the document.

A card is felt: it is taken when the path is empty and the bin counter has not moved. Paper is not: the person's word
counts (any deliberate tap of theirs that the engine takes for it). Without a word the attempt is unknown,
*not-confirmed*, and the printer takes nothing new until an operator has looked: the sheets may lie in the tray, where
the next person would find them, and the right of their owner is not spent.
"""

from __future__ import annotations

import asyncio
import math
from typing import NoReturn

from drivers.errors import DeviceError
from drivers.printer import CardPosition, CardPrinter, Json
from kiosk.issuance import card_path, deadlines
from kiosk.issuance.evidence import counted
from kiosk.issuance.run import Run, Stop
from kiosk.issuance.verdict import NOT_CONFIRMED
from kiosk.ledger.attempts import Facts
from kiosk.ledger.phases import Phase
from kiosk.protocol import NoticeKind, Part, Step

LOOK_EVERY_S = 0.2


async def hand_out(run: Run, proof: dict[str, Json]) -> None:
    """Ends in phase taken. Raises Stop for every other end."""
    run.show(Step.HAND_OUT)
    await run.enter(Phase.PRESENTED, Facts(evidence=proof))
    if run.means.cards:
        await _card(run, run.means.cards)
    else:
        await _paper(run)


async def _paper(run: Run) -> None:
    total = run.means.times.take_paper
    word = asyncio.ensure_future(run.watcher.taken())
    try:
        until = run.means.clock() + total
        while not word.done() and (left := until - run.means.clock()) > 0:
            _count_down(run, Part.PAPER_TRAY, left, total, sensed=False)
            await asyncio.wait({word}, timeout=min(1.0, left))
        if not word.done():
            raise Stop(Phase.UNKNOWN, NOT_CONFIRMED, NoticeKind.NOT_TAKEN)
        word.result()
    finally:
        word.cancel()
    await run.taken_by_applicant({"taken": "said"})


async def _card(run: Run, cards: CardPrinter) -> None:
    where = await _to_slot(run, cards)
    if where is CardPosition.NONE:
        await _gone(run, cards, seen_in_slot=False)
        return
    if where is CardPosition.UNKNOWN:
        raise Stop(Phase.UNKNOWN, "position-unknown", NoticeKind.IN_DOUBT)
    if where is not CardPosition.EXIT:
        await _take_back(run, cards, "present-failed")
    total = run.means.times.take_card
    until = run.means.clock() + total
    shown = 0
    while (left := until - run.means.clock()) > 0:
        if math.ceil(left) != shown:
            shown = math.ceil(left)
            _count_down(run, Part.CARD_SLOT, left, total, sensed=True)
        if await card_path.position(cards) is CardPosition.NONE:
            await _gone(run, cards, seen_in_slot=True)
            return
        await asyncio.sleep(min(LOOK_EVERY_S, left))
    await _take_back(run, cards, "not-taken")


async def _to_slot(run: Run, cards: CardPrinter) -> CardPosition:
    """Ask for the motion once; where the card is afterwards is the sensors' word, not the motor's."""
    try:
        async with asyncio.timeout(deadlines.MOVE):
            await cards.present()
    except (DeviceError, TimeoutError):
        return await card_path.position(cards)
    return CardPosition.EXIT


async def _gone(run: Run, cards: CardPrinter, *, seen_in_slot: bool) -> None:
    """The path is empty: taken, unless the machine itself has put the card into the bin.

    A quick hand takes the card before its arrival was seen; then the bin counter must say that it is not there.
    """
    now = await card_path.counters(cards)
    binned = card_path.moved(run.attempt.before, now)
    evidence: dict[str, Json] = {"position_after": CardPosition.NONE, "binned": binned, "seen_in_slot": seen_in_slot}
    evidence |= counted(now)
    if binned:
        await _take_back(run, cards, "not-taken")
    if binned is None and not seen_in_slot:
        raise Stop(Phase.UNKNOWN, "present-failed", NoticeKind.IN_DOUBT, evidence=evidence)
    await run.taken_by_applicant(evidence)


async def _take_back(run: Run, cards: CardPrinter, reason: str) -> NoReturn:
    """Write *retracted*, move the card to the bin, and end with what the machine then shows."""
    await run.enter(Phase.RETRACTED, Facts(reason=reason))
    obstacle = await card_path.reject(cards) if await card_path.position(cards) is not CardPosition.NONE else None
    evidence: dict[str, Json] = {"reject_obstacle": obstacle}
    if await card_path.in_bin(cards, run.attempt.before, obstacle):
        raise Stop(Phase.RETRACTED, reason, NoticeKind.NOT_TAKEN, evidence=evidence)
    raise Stop(Phase.UNKNOWN, "not-in-bin", NoticeKind.IN_DOUBT, evidence=evidence)


def _count_down(run: Run, part: Part, left: float, total: float, *, sensed: bool) -> None:
    run.watcher.presented(part, seconds_left=math.ceil(left), seconds_total=math.ceil(total), sensed=sensed)
