"""Faults that are planted on purpose: the same harness must catch each (the negative controls)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk.issuance import issue
from kiosk.issuance.run import Run
from kiosk.ledger.attempts import Facts
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase


def rows_after_the_acts() -> None:
    """*opened* and *submitted* are written once the data was sent, not before."""
    open_, print_ = issue._open, issue._print
    enter = Run.enter
    held: list[tuple[Phase, Facts | None]] = []

    async def late(run: Run, phase: Phase, facts: Facts | None = None, *, actor: str = issue.ISSUANCE) -> None:
        if phase in (Phase.OPENED, Phase.SUBMITTED):
            held.append((phase, facts))
            return
        for one in held:
            await enter(run, *one)
        held.clear()
        await enter(run, phase, facts, actor=actor)

    Run.enter = late  # type: ignore[method-assign]  # that is the fault
    issue._open, issue._print = open_, print_


def acknowledged_too_early() -> None:
    """A phase counts as written before it is: the transaction is put off to the next one."""
    advance = Ledger.advance
    put_off: list[tuple[Any, ...]] = []

    async def early(self: Ledger, attempt_id: str, phase: Phase, actor: str, facts: Facts | None = None) -> Any:
        before = await self.attempt(attempt_id)
        for each in put_off:
            before = await advance(self, *each)
        put_off.clear()
        if phase is not Phase.SUBMITTED:
            return await advance(self, attempt_id, phase, actor, facts or Facts())
        put_off.append((attempt_id, phase, actor, facts or Facts()))
        known = facts or Facts()
        return replace(before, phase=phase, job_id=known.job_id, job_uuid=known.job_uuid, before=known.before)

    Ledger.advance = early  # type: ignore[method-assign,assignment]  # that is the fault


# By name; each is called in an engine before it starts.
FAULTS: dict[str, Callable[[], None]] = {
    "rows_after_the_acts": rows_after_the_acts,
    "acknowledged_too_early": acknowledged_too_early,
    "no_claim": lambda: None,  # is in the fence, not in the engine
}


def without_claim(fence: Path) -> None:
    """The fence sends without making its claim."""
    text = fence.read_text(encoding="utf-8")
    bare = text.replace("        claim(attempt_id, job_id)\n", "        pass\n")
    if bare == text:
        raise ValueError(f"{fence}: the claim is not where it was")
    fence.write_text(bare, encoding="utf-8")
