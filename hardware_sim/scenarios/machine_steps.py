"""What happens to the machine and around it: faults, hands, the power, the Dinas."""

from __future__ import annotations

from typing import Any

import msgspec

from hardware_sim.faults.arming import Phase
from hardware_sim.faults.vocabulary import DEVICES, FAULTS
from hardware_sim.scenarios.performance import Performance
from hardware_sim.scenarios.step import WITHIN_S, Step, one_of, wait_until

EVERYTHING = "everything"
HANDS = (
    "paper.refill",
    "paper.take_out",
    "paper.take_paper",
    "paper.page_time",
    "card.refill",
    "card.take_out",
    "card.take_card",
    "card.clear_path",
    "card.empty_reject_bin",
    "card.page_time",
    "card.arm",
    "cards.insert",
    "cards.remove",
    "cards.fault",
    "cabinet.press_call",
    "cabinet.key",
    "dinas.fault",
    "dinas.clear_faults",
)
"""What hands do that is no fault, as DEVICE.ACT; the arguments are those of the act."""

TO_A_PERMIT = ("supersede", "expire_permit", "account", "prioritise")
TO_A_PERSON = ("expire_pin", "unlock")
TO_ALL = ("end_sessions",)
PHASES = ("reserved", "claimed", "opened", "submitted", "printing", "presented", "retracted", "taken", "failed",
          "spoiled", "unknown")  # fmt: skip
LAMPS = ("card_slot", "paper_tray", "receipt_slot", "scanner")
PROCESSES = ("engine", "screen", "kiosk")
LEDGER_COMMANDS = ("deliver", "load", "unload", "stocktake")
OPERATOR = "op-7"


class Strike(Step, frozen=True, kw_only=True):
    """Let a fault of the vocabulary happen: now, or when a device is at a phase. ``times`` 0 is each time."""

    fault: str
    at: str | None = None
    of: str | None = None
    times: int = 1

    def __post_init__(self) -> None:
        one_of(self.fault, FAULTS, "fault")
        if self.at is None:
            if self.of is not None:
                raise ValueError("of is the device whose phase counts; it needs at, the phase")
            return
        one_of(self.at, Phase, "phase")
        fault = FAULTS[self.fault]
        if self.of in (None, fault.device):
            one_of(self.at, fault.phases, f"phase of {self.fault}")
        else:
            one_of(self.of, DEVICES, "device")

    def play(self, performance: Performance) -> None:
        performance.injector.strike(self.fault, self.at, self.of, self.times or None)


class Mend(Step, frozen=True, kw_only=True):
    """Mend a fault, or everything."""

    mend: str

    def __post_init__(self) -> None:
        one_of(self.mend, (EVERYTHING, *FAULTS), "fault to mend")

    def play(self, performance: Performance) -> None:
        if self.mend == EVERYTHING:
            performance.injector.mend_all()
        else:
            performance.injector.mend(self.mend)


class HandOn(Step, frozen=True, kw_only=True, rename={"arguments": "with"}):
    """A hand does something to a device: DEVICE.ACT, ``with`` its arguments."""

    hand: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        one_of(self.hand, HANDS, "hand")

    def play(self, performance: Performance) -> None:
        device, _, act = self.hand.partition(".")
        performance.hand(device).do(act, **self.arguments)


class ClerkDoes(Step, frozen=True, kw_only=True):
    """The clerk of the Dinas approves the applications of a seeded person; the PIN comes over WhatsApp."""

    clerk: str
    who: str = ""

    def __post_init__(self) -> None:
        one_of(self.clerk, ("approves",), "act of the clerk")

    def play(self, performance: Performance) -> None:
        performance.approve(self.who)


class PinArrives(Step, frozen=True, kw_only=True):
    """A new PIN has come to the phone of that person ("" is the first one)."""

    new_pin: str

    def play(self, performance: Performance) -> None:
        performance.replace_pin(self.new_pin)


class DinasDoes(Step, frozen=True, kw_only=True):
    """The Dinas does something to a permit (who, document), to a person, or to all sessions."""

    dinas: str
    who: str = ""
    document: str = ""
    priority: str = ""

    def __post_init__(self) -> None:
        one_of(self.dinas, (*TO_A_PERMIT, *TO_A_PERSON, *TO_ALL), "act of the Dinas")
        if (self.dinas in TO_A_PERMIT) != bool(self.document):
            raise ValueError(f"document goes with {', '.join(TO_A_PERMIT)}, and only with these")
        if (self.dinas == "prioritise") != bool(self.priority):
            raise ValueError("priority (urgent, first) goes with prioritise, and only with it")

    def play(self, performance: Performance) -> None:
        hand = performance.hand("dinas")
        if self.dinas in TO_A_PERMIT:
            priority = {"priority": self.priority} if self.priority else {}
            hand.do(self.dinas, permit_id=performance.permit_id(self.who, self.document), **priority)
        elif self.dinas in TO_A_PERSON:
            hand.do(self.dinas, nik=performance.actor(self.who).applicant.nik)
        else:
            hand.do(self.dinas)


class AttemptIs(Step, frozen=True, kw_only=True):
    """Wait until the newest attempt of the ledger is in that phase."""

    attempt: str
    within: float = WITHIN_S

    def __post_init__(self) -> None:
        one_of(self.attempt, PHASES, "phase of an attempt")

    def play(self, performance: Performance) -> None:
        def phases() -> list[str]:
            return [attempt["phase"] for attempt in performance.books.attempts()]

        wait_until(lambda: phases()[-1:] == [self.attempt], lambda: f"the attempts are {phases()}", self.within)


class AuditSays(Step, frozen=True, kw_only=True, rename={"fields": "with"}):
    """Wait for an entry of the audit log, ``with`` these fields."""

    audit: str
    fields: dict[str, str | int] = msgspec.field(default_factory=dict)
    within: float = WITHIN_S

    def play(self, performance: Performance) -> None:
        wait_until(
            lambda: any(fits(entry, {"event": self.audit, **self.fields}) for entry in performance.books.audit()),
            lambda: f"no {self.audit} {self.fields} in {[entry['event'] for entry in performance.books.audit()]}",
            self.within,
        )


class LampIs(Step, frozen=True, kw_only=True):
    """Wait until that lamp is lit."""

    lamp: str

    def __post_init__(self) -> None:
        one_of(self.lamp, LAMPS, "lamp")

    def play(self, performance: Performance) -> None:
        cabinet = performance.hand("cabinet")
        wait_until(lambda: self.lamp in cabinet.state()["lit"], lambda: f"lit are {cabinet.state()['lit']}")


class OperatorDoes(Step, frozen=True, kw_only=True):
    """An operator writes into the books with ``adm-kiosk ledger``; the kiosk must be stopped meanwhile."""

    operator: str

    def __post_init__(self) -> None:
        one_of(self.operator.partition(" ")[0], LEDGER_COMMANDS, "command of adm-kiosk ledger")

    def play(self, performance: Performance) -> None:
        performance.stage.kiosk.command("ledger", *self.operator.split(), "--operator", OPERATOR)


class Stop(Step, frozen=True, kw_only=True):
    """End a process of the kiosk in order (the service manager does so)."""

    stop: str

    def __post_init__(self) -> None:
        one_of(self.stop, ("kiosk",), "process to stop")

    def play(self, performance: Performance) -> None:
        performance.stage.kiosk.stop()


class Kill(Step, frozen=True, kw_only=True):
    """End a process of the kiosk at once."""

    kill: str

    def __post_init__(self) -> None:
        one_of(self.kill, PROCESSES, "process to kill")

    def play(self, performance: Performance) -> None:
        kiosk = performance.stage.kiosk
        if self.kill == "kiosk":
            kiosk.kill()
        elif process := {"engine": kiosk.engine, "screen": kiosk.screen}[self.kill]:
            process.kill()


class Start(Step, frozen=True, kw_only=True):
    """Start a process of the kiosk again, as the service manager does."""

    start: str

    def __post_init__(self) -> None:
        one_of(self.start, PROCESSES, "process to start")

    def play(self, performance: Performance) -> None:
        kiosk = performance.stage.kiosk
        {"kiosk": kiosk.start, "engine": kiosk.start_engine, "screen": kiosk.start_screen}[self.start]()


def fits(entry: dict[str, Any], wanted: dict[str, str | int]) -> bool:
    """Whether the entry has all of these fields."""
    return all(entry.get(key) == value for key, value in wanted.items())
