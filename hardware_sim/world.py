"""The whole world below and around one kiosk: printers behind a cupsd, cards behind a pcscd, serial lines, the Dinas.

Everything lies in one folder and listens on loopback or on sockets in that folder, so that worlds run side by side.
``world.json`` tells where everything is; ``kiosk.toml`` beside it is the settings file of a kiosk in this world.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from hardware_sim.control import Hand
from hardware_sim.faults.machine import Machine
from hardware_sim.kiosk_settings import write_settings
from hardware_sim.printers.config import Kind, PrinterConfig, PrintersConfig
from hardware_sim.printers.cups import PrivateCups, QueueSpec
from hardware_sim.printers.process import PrintersProcess
from hardware_sim.processes import WorldProcess

PAPER_QUEUE, CARD_QUEUE = "adm-a4", "adm-card"
PAPER_MEDIA, CARD_MEDIA = "iso_a4_210x297mm", "om_cr80_54x86mm"
WORLD_FILE, SETTINGS_FILE = "world.json", "kiosk.toml"


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A folder for one world: its path is short (sockets) and the print system's user may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="adm-", dir="/tmp"))  # mkdtemp; the place is for its short name
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class WorldOptions:
    """How the world is set up. Times are seconds."""

    folder: Path  # short enough for socket names, and enterable by the print system's user
    screen: tuple[int, int] = (1080, 1920)
    fullscreen: bool = False
    sheet_s: float = 0.5  # how long a sheet takes
    card_s: float = 2.0  # how long a card takes
    take_card_s: float = 45.0
    take_paper_s: float = 90.0
    thanks_s: float = 20.0
    verify_all: bool = False  # applications begin verified
    cabinet: bool = True
    ups: bool = True
    dispenser: bool = False  # the card printer has no feeder, and a dispenser hands it its blanks
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)  # more tables and keys of kiosk.toml
    paper_device: str | None = None  # another printer in the place of the simulated A4 printer
    dinas: dict[str, Any] | None = None  # another Dinas: url, ca, certificate, key, document_root, card_root


@dataclass
class World:
    """Brought up by ``with World(options) as world``; everything in it is ended on the way out."""

    options: WorldOptions
    where: dict[str, Any] = field(default_factory=dict)
    machine: Machine = field(init=False, repr=False)
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)
    _dinas: WorldProcess = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.machine = Machine(self.where)

    @property
    def folder(self) -> Path:
        return self.options.folder

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def settings_path(self) -> Path:
        return self.folder / SETTINGS_FILE

    @property
    def kiosk_env(self) -> dict[str, str]:
        """What the kiosk's processes need in their environment to meet this world."""
        return {"PCSCLITE_CSOCK_NAME": self.where["cards"]["socket"]}

    @property
    def tree_socket(self) -> Path:
        return self.folder / "tree.sock"

    def hand(self, device: str) -> Hand:
        """A hand on a device of ``where`` ("paper", "card", "cards", "receipt", ...), the "dinas" or the "machine"."""
        return Hand(self.where[device]["control"])

    def __enter__(self) -> World:
        try:
            self._bring_up()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._stack.close()

    # -- bringing up

    def _bring_up(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        devices = self._start_devices()
        self._await_cards(devices["smart_cards"])
        self._start_printers()
        if self.options.dispenser:
            devices["dispenser"] = self._start_dispenser()
        self._start_cups()
        for name, process in devices.items():
            if name != "smart_cards":
                self.where[name] = process.first_json()
        self.where["receipt"] |= self.where["receipt"].pop("receipt")
        self.where["scanner"] |= self.where["scanner"].pop("scanner")
        self._await_dinas()
        self.where["machine"] = {"control": self.machine.start()}
        self._stack.callback(self.machine.close)
        write_settings(self.settings_path, self.where, self._own_settings())
        self.where["settings"] = str(self.settings_path)
        self.where["tree_socket"] = str(self.tree_socket)
        self.where["env"] = self.kiosk_env
        world_file = self.folder / WORLD_FILE
        world_file.write_text(json.dumps(self.where, indent=2), encoding="utf-8")
        self._stack.callback(world_file.unlink, missing_ok=True)
        self._stack.callback(self._ask_all_to_end)

    def _ask_all_to_end(self) -> None:
        """Each is waited for afterwards; asked together, they end side by side."""
        for name, process in self.machine.processes.items():
            if name not in self.machine.frozen:
                process.send_signal(signal.SIGTERM)

    def _own_settings(self) -> dict[str, dict[str, Any]]:
        options = self.options
        width, height = options.screen
        screen = {"width": width, "height": height, "fullscreen": options.fullscreen}
        visit = {
            "take_card_s": float(options.take_card_s),
            "take_paper_s": float(options.take_paper_s),
            "thanks_s": float(options.thanks_s),
        }
        own: dict[str, dict[str, Any]] = {
            "screen": {**screen, "tree_socket": str(self.tree_socket)},
            "visit": visit,
        }
        return {name: {**own.get(name, {}), **options.settings.get(name, {})} for name in {**own, **options.settings}}

    def _module(self, module: str, *arguments: str, name: str | None = None) -> WorldProcess:
        command = [sys.executable, "-m", f"hardware_sim.{module}", *arguments]
        process = WorldProcess(name or module, command, self.logs)
        self._stack.callback(process.stop)
        return process

    def _start_devices(self) -> dict[str, WorldProcess]:
        """All processes that need nothing of each other, side by side."""
        serial = str(self.folder / "serial")
        devices = {
            "smart_cards": self._module("smart_cards", "--dir", str(self.folder / "cards")),
            "receipt": self._module("serial_devices", "--dir", serial, "--only", "receipt", name="receipt"),
            "scanner": self._module("serial_devices", "--dir", serial, "--only", "scanner", name="scanner"),
        }
        if self.options.cabinet:
            devices["cabinet"] = self._module("cabinet", "--dir", str(self.folder / "cabinet"))
        if self.options.ups:
            devices["ups"] = self._module("ups", "--dir", str(self.folder / "ups"))
        if self.options.dinas is None:
            verify = ["--verify-all"] if self.options.verify_all else []
            self._dinas = self._module("dinas", "--dir", str(self.folder / "dinas"), *verify)
        for name, process in devices.items():
            self.machine.processes["cards" if name == "smart_cards" else name] = process
        return devices

    def _await_cards(self, process: WorldProcess) -> None:
        said = process.first_json()
        self.where["cards"] = {
            "control": said["control"],
            "socket": said["PCSCLITE_CSOCK_NAME"],
            "readers": said["readers"],
        }

    def _start_printers(self) -> None:
        for config in (
            PrinterConfig("paper", Kind.PAPER, page_s=self.options.sheet_s),
            PrinterConfig("card", Kind.CARD, page_s=self.options.card_s, feeder=not self.options.dispenser),
        ):
            # A process for each, so that each can be frozen alone.
            folder, cards = self.folder / f"printer-{config.name}", self.where["cards"]["control"]
            printer = PrintersProcess(PrintersConfig(folder, (config,), smart_cards=cards))
            self.where.update(self._stack.enter_context(printer).where)
            self.machine.processes[config.name] = printer
        if self.options.paper_device:
            self.where["paper"]["uri"] = self.options.paper_device

    def _start_dispenser(self) -> WorldProcess:
        folder, printer = str(self.folder / "dispenser"), self.where["card"]["control"]
        process = self._module("card_dispenser", "--dir", folder, "--printer", printer, name="dispenser")
        self.machine.processes["dispenser"] = process
        return process

    def _start_cups(self) -> None:
        queues = [
            QueueSpec(PAPER_QUEUE, self.where["paper"]["uri"], PAPER_MEDIA),
            QueueSpec(CARD_QUEUE, self.where["card"]["uri"], CARD_MEDIA),
        ]
        cups = self._stack.enter_context(PrivateCups(self.folder / "cups", queues))
        self.machine.cups = cups
        self.where["cups"] = {"server": cups.server, "claims": str(cups.claims)}

    def _await_dinas(self) -> None:
        if self.options.dinas:
            self.where["dinas"] = self.options.dinas
            return
        ready = self.folder / "dinas" / "dinas.json"
        self._dinas.wait_until(ready.exists, 60, "the Dinas did not come up")
        said = json.loads(ready.read_text(encoding="utf-8"))
        own = said["kiosks"][said["kiosk"]]
        self.where["dinas"] = {
            "url": said["api"],
            "pages": said["web"],
            "control": said["control"],
            "ca": said["roots"]["tls"],
            "certificate": own["certificate"],
            "key": own["key"],
            "document_root": said["roots"]["document"],
            "card_root": said["roots"]["card"],
            "demo_nik": said["demo_nik"],
        }


def missing_programs() -> list[str]:
    """The programs of Debian that a world needs and that are not there."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [
        p
        for p in ("cupsd", "pcscd", "xdotool", "Xvfb", "unshare", "/lib/nut/upsd")
        if shutil.which(p, path=path) is None
    ]
