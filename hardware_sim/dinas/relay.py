"""The personalization relay: between the key store of the Dinas and the chip of a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from hardware_sim.dinas.issuing import portrait
from hardware_sim.dinas.model import Attempt, Kiosk
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.smart_cards.personalization import ChipContent, next_step


@dataclass(frozen=True)
class Posted:
    """What the kiosk posts: the answers of the chip to the last commands."""

    step: int
    atr: str | None
    responses: list[str]


def relay(session: Session, kiosk: Kiosk, attempt_id: str, posted: Posted) -> dict[str, Any]:
    """The answer of the contract: done, ok, commands. A repeated step gets the same answer."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.kiosk_id != kiosk.kiosk_id or attempt.permit is None:
        raise ProblemError(ProblemKind.UNKNOWN_ATTEMPT)
    so_far = attempt.chip or {"atr": posted.atr, "posted": [], "answered": []}
    answered: list[dict[str, Any]] = so_far["answered"]
    if posted.step < len(answered):
        return answered[posted.step]
    if attempt.outcome is not None:
        raise ProblemError(ProblemKind.ATTEMPT_CLOSED)
    if not attempt.needs_chip:
        raise ProblemError(ProblemKind.INVALID, "this document has no chip")
    if posted.step > len(answered) or (answered and answered[-1]["done"]) or so_far["atr"] is None:
        raise ProblemError(ProblemKind.INVALID, "there is no such step")
    content = attempt.permit.application.content
    chip = ChipContent(photo=portrait(content) or b"", fields=content["fields"])
    history = [*so_far["posted"], posted.responses]
    try:
        step = next_step(chip, so_far["atr"], history)
    except ValueError as error:
        raise ProblemError(ProblemKind.INVALID, str(error)) from error
    answer: dict[str, Any] = {"done": step.done, "commands": list(step.commands)}
    if step.ok is not None:
        answer["ok"] = step.ok
    attempt.chip = {"atr": so_far["atr"], "posted": history, "answered": [*answered, answer]}
    attempt.chip_written = step.done and step.ok is True
    return answer
