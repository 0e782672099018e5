"""Cabinet and UPS in the engine: what is written down, what is shown, and the end on a low battery."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from little_kiosk import PATIENCE_S, LittleKiosk

from drivers.cabinet.driver import Change
from drivers.cabinet.frames import Contact, Lamp, Profile
from hardware_sim.cabinet.world import CabinetWorld
from hardware_sim.ups.world import UpsWorld
from kiosk.engine.cabinet import follow_cabinet
from kiosk.engine.devices import Devices
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import OutOfServiceView, OutReason, Show
from kiosk.settings import SettingsError


class Cabinet:
    """Tells what a test does to it."""

    def __init__(self, *changes: Change) -> None:
        self._changes = changes

    async def changes(self) -> AsyncIterator[Change]:
        for change in self._changes:
            yield change


async def test_what_a_hand_does_at_the_cabinet_is_written_down(ledger: Ledger) -> None:
    cabinet = Cabinet(
        Change(Contact.CALL_BUTTON, active=True),
        Change(Contact.CALL_BUTTON, active=False),
        Change(Contact.PAPER_DOOR, active=True),
        Change(Contact.PAPER_DOOR, active=False),
        Change(Contact.KEY_SWITCH, active=True),
        Change(Contact.KEY_SWITCH, active=False),
    )
    await follow_cabinet(cabinet, ledger)  # type: ignore[arg-type]  # the one call that it makes

    by = {"actor": "system:cabinet"}
    assert [(entry.event, entry.data) for entry in await ledger.audit_entries(0, 10)] == [
        ("call-pressed", by),
        ("door-opened", {**by, "door": "paper-door"}),
        ("door-closed", {**by, "door": "paper-door"}),
        ("key-turned", {**by, "position": "service"}),
        ("key-turned", {**by, "position": "normal"}),
    ]


def test_the_profile_is_that_of_the_settings(kiosk: LittleKiosk) -> None:
    kiosk.tables["cabinet"] = {"port": "/dev/adm-cabinet", "unit": 7, "call_button": 3, "scanner_lamp": 9}
    kiosk.tables["ups"] = {"name": "adm"}
    devices = Devices(kiosk.settings(), time.monotonic)

    assert devices.cabinet is not None
    assert devices.cabinet._line._profile == Profile(7, {Contact.CALL_BUTTON: 3}, {Lamp.SCANNER: 9})
    assert [device.name for device in devices] == ["cabinet", "ups"]


def test_two_contacts_at_one_address_are_named(kiosk: LittleKiosk) -> None:
    kiosk.tables["cabinet"] = {"port": "/dev/adm-cabinet", "call_button": 3, "paper_door": 3}

    with pytest.raises(SettingsError, match="cabinet: two things at one address; expected another address"):
        Devices(kiosk.settings(), time.monotonic)


# ---------------------------------------------------------------------------------------------------------------
# the engine as a process


@pytest.fixture
def board(tmp_path: Path) -> Iterator[CabinetWorld]:
    world = CabinetWorld(tmp_path / "cabinet")
    world.start()
    yield world
    world.close()


@pytest.fixture
def supply(tmp_path: Path) -> Iterator[UpsWorld]:
    world = UpsWorld(tmp_path / "ups")
    try:
        world.start()
        yield world
    finally:
        world.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def out(reason: OutReason) -> Callable[[Show], bool]:
    return lambda show: isinstance(show.view, OutOfServiceView) and show.view.reason is reason


@pytest.mark.devices
def test_on_battery_it_serves_nobody_and_at_the_end_of_the_battery_it_ends_in_order(
    kiosk: LittleKiosk, board: CabinetWorld, supply: UpsWorld
) -> None:
    kiosk.tables["cabinet"] = board.settings()
    kiosk.tables["ups"] = {**supply.settings(), "serve_on_battery_s": 0.1}
    engine = kiosk.start()
    kiosk.shown(out(OutReason.NO_PRINTER))  # this kiosk has none
    board.board.open_door("service_door")
    until(lambda: "door-opened" in kiosk.audit())
    supply.ups.battery()
    kiosk.shown(out(OutReason.POWER))
    supply.ups.mains()
    kiosk.shown(out(OutReason.NO_PRINTER))
    supply.ups.low()
    assert engine.wait(PATIENCE_S) == 0

    expected = ["kiosk-started", "door-opened", "on-battery", "mains-back", "battery-low", "kiosk-stopped"]
    assert [event for event in kiosk.audit() if event in expected] == expected
