"""One simulated printer as a whole: machine, wire, and the acts that a hand can do on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware_sim.control import ControlServer
from hardware_sim.faults.arming import Arming
from hardware_sim.printers.card_machine import CardMachine, Encoder
from hardware_sim.printers.config import Kind, PrinterConfig
from hardware_sim.printers.machine import Machine
from hardware_sim.printers.server import PrinterServer
from hardware_sim.printers.store import Folder, Ledger


class SimulatedPrinter:
    """A printer with its IPP address and its control address."""

    def __init__(self, config: PrinterConfig, folder: Path, smart_cards: str | None) -> None:
        self.folder = folder / config.name
        (self.folder / "out").mkdir(parents=True, exist_ok=True)
        self.config = config
        ledger = Ledger(self.folder / "ledger.jsonl")
        self.machine = (
            CardMachine(config, Folder(self.folder), ledger, Encoder(smart_cards))
            if config.kind is Kind.CARD
            else Machine(config, Folder(self.folder), ledger)
        )
        self.machine.start()
        self.server = PrinterServer(self.machine, config.port)
        self.arming = Arming(self._own_acts)
        self.machine.reached = self.arming.reached
        self.control = ControlServer(self.acts(), self.state, config.control_port)

    def close(self) -> None:
        self.control.close()
        self.server.stop()
        self.machine.close()

    def where(self) -> dict[str, str]:
        """The printer's addresses and its folder."""
        return {"uri": self.server.uri, "control": self.control.url, "folder": str(self.folder)}

    def state(self) -> dict[str, Any]:
        """What a hand or a page sees of the machine."""
        machine = self.machine
        with machine.changed:
            return {
                "name": self.config.name,
                "kind": self.config.kind.value,
                "power": machine.power,
                "state": machine.state(),
                "reasons": machine.reasons(),
                "conditions": sorted(machine.conditions()),
                "stock": machine.memory.stock,
                "output": machine.memory.output,
                "printed": machine.memory.printed,
                "rejected": machine.memory.rejected,
                "reject_bin": machine.memory.reject_bin,
                "position": machine.memory.position,
                "serial": machine.memory.serial,
                "accepting": machine.accepting,
                "page_s": machine.page_s,
                "jobs": [
                    {"job": j.job_id, "name": j.name, "state": j.state, "sheets": j.sheets, "complete": j.complete}
                    for j in machine.jobs.values()
                ],
                "wire": self.server.faults.state(),
                "busy": machine.busy,
                "armed": self.arming.state(),
                **self.where(),
            }

    def acts(self) -> dict[str, Callable[..., object]]:
        """What a hand can do, by name."""
        return {**self._own_acts(), **self.arming.acts}

    def _own_acts(self) -> dict[str, Callable[..., object]]:
        machine = self.machine
        acts: dict[str, Callable[..., object]] = {
            "condition": machine.condition,
            "open": lambda: machine.condition("cover_open", on=True),
            "close": lambda: machine.condition("cover_open", on=False),
            "refill": machine.refill,
            "take_out": machine.take_out,
            "take_paper": self._take_paper,
            "page_time": machine.set_page_time,
            "power_off": self._power_off,
            "power_on": self._power_on,
            "hang": self._hang,
            "reset": self._reset,
            "unavailable": self._unavailable,
            "drop_after": self._drop_after,
            "lose_reply": self._lose_reply,
            "accepting": self._accepting,
            "busy": self._busy,
            "abort_jobs": self._abort_jobs,
            "repair": self._repair,
        }
        if isinstance(machine, CardMachine):
            acts |= {
                "take_card": machine.take_card,
                "clear_path": machine.clear_path,
                "empty_reject_bin": machine.empty_reject_bin,
                "hand_over": machine.hand_over,
            }
        return acts

    def _take_paper(self) -> int:
        with self.machine.changed:
            n = self.machine.memory.output
            self.machine.memory.output = 0
            return n

    def _power_off(self) -> None:
        self.server.stop()
        self.machine.power_off()

    def _power_on(self) -> None:
        self.machine.power_on()
        self.server.start()

    def _hang(self, *, on: bool = True) -> None:
        faults = self.server.faults
        if on:
            faults.released.clear()
            faults.hang.set()
        else:
            faults.hang.clear()
            faults.released.set()

    def _reset(self, *, on: bool = True) -> None:
        self.server.faults.reset = on

    def _unavailable(self, *, on: bool = True) -> None:
        self.server.faults.unavailable = on

    def _drop_after(self, n: int, times: int = 1) -> None:
        """Cut the connection after n bytes of a request with a document, that many times."""
        self.server.faults.drop_after, self.server.faults.drops_left = n, times

    def _lose_reply(self, operation: str, times: int = 1) -> None:
        """Do the operation ("send-document") and cut the connection in place of its answer, that many times."""
        self.server.faults.lose_reply, self.server.faults.losses_left = operation, times

    def _accepting(self, *, on: bool = True) -> None:
        self.machine.accepting = on

    def _busy(self, *, on: bool = True) -> None:
        self.machine.busy = on

    def _abort_jobs(self) -> None:
        for job in list(self.machine.jobs.values()):
            self.machine.cancel(job, aborted=True)

    def _repair(self) -> None:
        """Everything as it should be: no faults, no jobs, power on, paths and bins empty, trays filled."""
        machine = self.machine
        self.arming.disarm()
        self.server.faults.clear()
        with machine.changed:
            for job in list(machine.jobs.values()):
                machine.cancel(job)
            machine.faults.clear()
            machine.accepting, machine.busy = True, False
            machine.set_page_time(self.config.page_s)
            machine.refill(max(0, self.config.stock - machine.memory.stock))
            if isinstance(machine, CardMachine):
                machine.clear_path()
                machine.empty_reject_bin()
        if not machine.power:
            self._power_on()
