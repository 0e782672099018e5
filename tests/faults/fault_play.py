"""Plays one cell, and says in short sentences what was seen."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

from fault_cells import CONFIRM, IDLE, POWER_CUT, Cell
from fault_screen import DARK, without_the_usual
from fault_stage import PRINTERS, FaultStage, Row
from fault_visit import Applicant, Visit

from hardware_sim.printers.store import Memory
from kiosk import protocol as p

ENDS_THE_ENGINE = (POWER_CUT, "ups.battery_low")
ENGINE_ANSWERS_S = 5.0
BACK_WITHIN_S = 25.0  # the longest pause between two tries, and a first reading
QUIET_S, LONG_QUIET_S = 2.6, 6.0  # a device is read once a second, and so is what was read
# What shows only in the kiosk's own deadlines.
SLOW_TO_SHOW = (
    "frozen",
    "hang",
    "silence",
    "silent",
    "slow",
    "stop_reading",
    "spooler_frozen",
    "on_battery",
    "battery",
)
_OFTEN = ("stamina",)  # how often is a matter of time
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONDITION = re.compile(r"^WARNING kiosk\.engine\.watch: (\w+): (no longer )?(\w+)$")
PATH, PARENTHESIS = re.compile(r"/\S+"), re.compile(r"\s*\(.*\)")
LOUD = re.compile(r"^(WARNING|ERROR|CRITICAL) ([\w.]+): (.*)$")


@dataclass(frozen=True)
class Observed:
    """What one cell showed, each column in words that are the same in every run."""

    sees: str  # pages, notices and troubles in order, as codes
    says: str  # the sentences of the screen for what is not as it should be
    medium: str
    counters: str
    ledger: str
    audit: str
    log: str
    next_start: str


COLUMNS = tuple(field.name for field in fields(Observed))


@dataclass
class Before:
    """Where the books stood when the cell began."""

    memories: dict[str, Memory]
    attempts: int
    audit: int
    log: int
    printed: dict[str, int]
    receipts: int
    dispenser: Row


class Play:
    """One cell on a stage that is whole."""

    def __init__(self, stage: FaultStage, cell: Cell) -> None:
        self.stage = stage
        self.cell = cell
        self.applicant: Applicant = stage.prepare(cell.document)
        self.before = self._books()

    def play(self) -> Observed:
        stage, screen = self.stage, self.stage.screen
        screen.forget()
        if self.cell.when == IDLE:
            self._strike()
            screen.wait_until_quiet(self._quiet, 4 * self._quiet)
        elif self.cell.armed is not None:
            device, phase = self.cell.armed
            stage.injector.strike(self.cell.fault.full_name, at=phase, of=device)
        self._visit()
        if screen.show is not None:
            screen.wait_until_quiet(self._quiet, 3 * self._quiet)
        self.alive()
        during = without_the_usual(screen.seen)
        medium, counters, ledger = self._medium(), self._counters(), self._ledger()
        self._mend()
        audit, log = self._audit(), self._log()
        return Observed(
            _path(during),
            " ".join(dict.fromkeys(said for _, said in during if said)),
            medium,
            counters,
            ledger,
            audit,
            log,
            self._next_start(),
        )

    # -- the visit

    @property
    def _quiet(self) -> float:
        return LONG_QUIET_S if self.cell.fault.name.startswith(SLOW_TO_SHOW) else QUIET_S

    def _strike(self) -> None:
        self.stage.injector.strike(self.cell.fault.full_name)

    def _visit(self) -> None:
        confirm = self._strike if self.cell.when == CONFIRM else lambda: None
        Visit(self.stage.screen, self.applicant, self.stage.take_card, confirm).make()
        if self.cell.fault.full_name == POWER_CUT:
            assert self.stage.wait_for(self._dark_everywhere, 10), "the power was never cut"

    def _dark_everywhere(self) -> bool:
        """The screen goes dark first, and the printers a moment later."""
        return not any(self.stage.world.hand(name).state()["power"] for name in PRINTERS)

    def alive(self) -> None:
        """The engine runs, and answers a person, whatever is broken."""
        if self.cell.fault.full_name in ENDS_THE_ENGINE and self.stage.screen.show is None:
            return
        screen = self.stage.screen
        assert self.stage.engine.running, self.stage.log()[self.before.log :]
        seen = list(screen.seen)
        screen.say(p.AskHelp())
        screen.wait(lambda view: isinstance(view, p.HelpView), ENGINE_ANSWERS_S, "help")
        screen.say(p.Back())
        screen.wait(lambda view: not isinstance(view, p.HelpView), ENGINE_ANSWERS_S, "back from help")
        screen.seen = seen

    # -- mending, and the start after it

    def _mend(self) -> None:
        stage, fault = self.stage, self.cell.fault
        with contextlib.suppress(ValueError):  # a fault of a card has gone with its card
            stage.injector.mend(fault.full_name)
        if not fault.mend and fault.device == "cards":  # a fault of a slot stays with it
            stage.world.hand("cards").do("repair")
        if fault.full_name == POWER_CUT:
            stage.await_service()
        stage.wait_for(self._all_back, BACK_WITHIN_S)

    def _all_back(self) -> bool:
        """Every device that was away is there again, and nothing is closed that is not in doubt."""
        view = self.stage.screen.show
        troubled = (
            view is not None
            and isinstance(view.view, p.HomeView)
            and any(not s.ready and s.trouble is not p.Trouble.IN_DOUBT for s in view.view.media)
        )
        return not self.stage.missing(self.before.audit) and not troubled and not self._conditions_left()

    def _conditions_left(self) -> Counter[str]:
        """What the log has told of a device and not taken back yet."""
        left: Counter[str] = Counter()
        for line in self.stage.log()[self.before.log :].splitlines():
            match = CONDITION.match(line)
            if match:
                left[f"{match[1]} {match[3]}"] += -1 if match[2] else 1
        return +left

    def _next_start(self) -> str:
        stage = self.stage
        attempts, audit = len(self._attempts()), self._last_audit()
        states = [a["phase"] for a in self._attempts()]
        if self.cell.fault.full_name != POWER_CUT:  # it had its next start already
            stage.restart()
        else:
            audit = self.before.audit
        screen = stage.screen
        screen.wait_until_quiet(QUIET_S, 15)
        shown = [codes for codes, _ in screen.seen]
        began = len(shown) - shown[::-1].index(DARK)
        said = [codes for codes, _ in without_the_usual(screen.seen[began:]) if codes != "home"]
        settled = [self._in_words(a) for a, state in zip(self._attempts(), states, strict=True) if a["phase"] != state]
        said += settled
        said += [entry["event"] for entry in stage.audit(audit) if entry["event"] == "card-rejected-at-start"]
        said.append(self._same_pin())
        fresh = [self._in_words(a) for a in self._attempts()[attempts:]]
        said += [f"printed: {one}" for one in fresh]
        return "; ".join(one for one in said if one)

    def _same_pin(self) -> str:
        """What the PIN shows that was used before; what it still can print is printed."""
        screen = self.stage.screen
        self.stage.wait_for(self._told, 20)
        screen.forget()
        Visit(screen, self.applicant, self.stage.take_card).make()
        shown = [codes for codes, _ in without_the_usual(screen.seen) if codes not in ("printing", "take")]
        return f"same PIN: {' > '.join(codes for codes in shown if not codes.startswith('home'))}"

    def _told(self) -> bool:
        """The Dinas knows how each attempt ended."""
        permit = self.stage.permit(self.applicant.permit_id)
        return all(attempt["outcome"] for attempt in permit["attempts"])

    # -- the books

    def _books(self) -> Before:
        stage = self.stage
        return Before(
            {name: stage.memory(name) for name in PRINTERS},
            len(stage.attempts()),
            self._last_audit(),
            len(stage.log()),
            {name: len(stage.printed(name)) for name in PRINTERS},
            self._receipts_out(),
            stage.dispenser(),
        )

    def _last_audit(self) -> int:
        entries = self.stage.audit()
        return entries[-1]["seq"] if entries else 0

    def _attempts(self) -> list[Row]:
        return self.stage.attempts()[self.before.attempts :]

    def _printed(self, printer: str) -> list[Row]:
        return self.stage.printed(printer)[self.before.printed[printer] :]

    def _medium(self) -> str:
        now = self.stage.memory(self.cell.printer)
        if self.cell.printer == "paper":
            sheets = sum(row["event"] == "sheet" for row in self._printed("paper"))
            found = [f"{sheets} in the tray" if sheets else "nothing came out"]
            return ", ".join([*found, *self._receipts()])
        events = Counter(
            str(row["event"]) + (f" {row['to']}" if row["event"] == "moved" else "") for row in self._printed("card")
        )
        if not events["fed"] and now.position == "none":
            return ", ".join(["no card was fed", *self._in_dispenser()])
        places = {"inside": "inside the printer", "station": "at the chip station", "exit": "in the slot"}
        found = [places[now.position]] if now.position in places else []
        found += ["taken by the applicant"] * events["taken"] + ["in the bin"] * events["moved reject"]
        return ", ".join([*(f"card {one}" for one in found), *self._in_dispenser()])

    def _receipts(self) -> list[str]:
        """Where it is the receipt printer's fault, whether a receipt came out."""
        if self.cell.fault.device != "receipt":
            return []
        return ["a receipt"] if self._receipts_out() > self.before.receipts else ["no receipt"]

    def _receipts_out(self) -> int:
        folder = Path(self.stage.world.where["receipt"]["receipts"])
        return len(list(folder.glob("*"))) if folder.exists() else 0

    def _in_dispenser(self) -> list[str]:
        """Where a blank is that the printer does not have."""
        now, before = self.stage.dispenser(), self.before.dispenser
        if not now:
            return []
        found = [f"a blank {now['card']} in the dispenser"] if now["card"] != "none" else []
        return found + ["a blank in the dispenser's bin"] * (now["captured"] - before["captured"])

    def _counters(self) -> str:
        before, now = self.before.memories[self.cell.printer], self.stage.memory(self.cell.printer)
        counts = [f"printed +{now.printed - before.printed}"]
        counts += [f"rejected +{now.rejected - before.rejected}"] if self.cell.printer == "card" else []
        return ", ".join([*counts, f"blanks {now.stock - before.stock:+d}"])

    def _ledger(self) -> str:
        attempts = [self._in_words(a) for a in self._attempts()]
        refused = [
            f"refused ({e['reason']})" for e in self.stage.audit(self.before.audit) if e["event"] == "print-refused"
        ]
        return "; ".join(attempts + refused) or "no attempt"

    def _in_words(self, attempt: Row) -> str:
        reason = f" ({attempt['reason']})" if attempt["reason"] and attempt["phase"] != "taken" else ""
        before = f"{attempt['phases'][-2]} > " if len(attempt["phases"]) > 1 and attempt["phase"] != "taken" else ""
        return f"{before}{attempt['phase']}{reason}"

    def _audit(self) -> str:
        """Events besides those of every visit, in the order of their first coming."""
        usual = {"logged-in", "logged-out", "attempt-advanced", "print-refused", "kiosk-started", "kiosk-stopped"}
        found: Counter[str] = Counter()
        for entry in self.stage.audit(self.before.audit):
            if entry["event"] not in usual:
                what = next(
                    (f" {entry[key]}" for key in ("device", "door", "position", "fault", "problem") if key in entry), ""
                )
                found[entry["event"] + what] += 1
        return _counted(found)

    def _log(self) -> str:
        """Lines of warning and above, without what differs from run to run."""
        found: Counter[str] = Counter()
        for line in self.stage.log()[self.before.log :].splitlines():
            if match := LOUD.match(line):
                found[_stable(match[3])] += 1
            elif line.startswith("Traceback"):
                found["a traceback"] += 1
        found.pop("screen gone", None)
        return _counted(found)


def _path(seen: list[tuple[str, str]]) -> str:
    return " > ".join(codes for codes, _ in seen)


def _stable(text: str) -> str:
    return PATH.sub("PORT", PARENTHESIS.sub("", UUID.sub("ID", text))).replace(", trying again", "")


def _counted(found: Counter[str]) -> str:
    return "; ".join(what if n == 1 or what.startswith(_OFTEN) else f"{what} x{n}" for what, n in found.items())
