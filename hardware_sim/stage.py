"""A world, a kiosk in it, a display and a person before it: where scenarios are played, by tests, demo and training."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from hardware_sim import visits
from hardware_sim.around import Applicant
from hardware_sim.display import Display
from hardware_sim.faults.injector import Injector
from hardware_sim.kiosk_processes import Kiosk
from hardware_sim.person import Person
from hardware_sim.world import World, WorldOptions

FIRST_PAGE_WITHIN_S = 60.0  # a cold start on two loaded cores


@dataclass
class Stage:
    """``with Stage(options) as stage``; ``display`` None takes a virtual one of the screen's size."""

    options: WorldOptions
    display_name: str | None = None
    pictures: Path | None = None
    say: Callable[[str], None] = lambda _: None
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    world: World = field(init=False)
    display: Display = field(init=False)
    kiosk: Kiosk = field(init=False)
    person: Person = field(init=False)

    def __enter__(self) -> Stage:
        try:
            self.say("Dunia simulator disiapkan (pencetak, kartu, jalur serial, Dinas)")
            self.world = self._stack.enter_context(World(self.options))
            self.display = self._a_display()
            self._stack.callback(self.display.close)
            self.kiosk = Kiosk(self.world, self.display)
            self.person = Person(self.display, self.world.tree_socket, self.pictures)
            self.say("Mesin dan layar dijalankan")
            self._stack.enter_context(self.kiosk)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._stack.close()

    def restore(self) -> None:
        """Everything mended, all processes running, nobody before the window, no failed login counted.

        What an operator must settle stays: a device with an attempt in doubt takes nothing before that.
        """
        machine = self.world.hand("machine")
        if not machine.state()["power"]:
            machine.do("restore_power")
        Injector(self.world.where).mend_all()
        self.world.hand("paper").do("take_paper")
        for slot in ("encoder", "operator"):
            self.world.hand("cards").do("remove", slot=slot)
        if self.kiosk.engine is None or not self.kiosk.engine.running:
            self.kiosk.start_engine()
        if self.kiosk.screen is None or not self.kiosk.screen.running:
            self.kiosk.start_screen()
        visits.go_home(self.person)
        if self.kiosk.failed_logins():
            visits.log_in_by_scan(self.person, self.world.hand("scanner"), self.prepare())
            visits.go_home(self.person)

    def prepare(self, *documents: str) -> Applicant:
        """A new applicant with a PIN and a permit for each of those documents ("kk", if none is named)."""
        first, *others = documents or ("kk",)
        return Applicant(**self.world.hand("dinas").do("prepare", document=first, also=others)["result"])

    def _a_display(self) -> Display:
        if self.display_name:
            return Display(self.display_name)
        return Display.virtual(*self.options.screen, self.world.logs)
