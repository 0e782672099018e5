"""Faults that are planted on purpose: the same harness must catch each (the negative controls)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.issuance.run import ISSUANCE, Run
from kiosk.ledger.attempts import Facts
from kiosk.ledger.phases import Phase


def rows_after_the_acts() -> None:
    """*opened* and *submitted* are written once the data was sent, not before."""
    enter = Run.enter
    held: list[tuple[Phase, Facts | None]] = []

    async def late(run: Run, phase: Phase, facts: Facts | None = None, *, actor: str = ISSUANCE) -> None:
        if phase in (Phase.OPENED, Phase.SUBMITTED):
            held.append((phase, facts))
            return
        for one in held:
            await enter(run, *one)
        held.clear()
        await enter(run, phase, facts, actor=actor)

    Run.enter = late  # type: ignore[assignment,method-assign]  # that is the fault


NO_FENCE = "no_fence"  # the fence makes no claim, and cupsd finds its spool again after a crash

# By name; each is called in an engine before it starts.
FAULTS: dict[str, Callable[[], None]] = {
    "rows_after_the_acts": rows_after_the_acts,
    NO_FENCE: lambda: None,  # is around cupsd, not in the engine
}


def without_claim(fence: Path) -> None:
    """The fence sends without making its claim."""
    text = fence.read_text(encoding="utf-8")
    bare = text.replace("        claim(attempt_id, job_id)\n", "        pass\n")
    if bare == text:
        raise ValueError(f"{fence}: the claim is not where it was")
    fence.write_text(bare, encoding="utf-8")
