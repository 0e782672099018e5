"""The picture of the machine, and what is written down when something goes or comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from drivers.device import NEVER_READ, Condition, DeviceState, DeviceStatus
from kiosk.engine.watch import MachineWatch
from kiosk.ledger.attempts import Facts
from kiosk.ledger.blanks import SerialRange
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import Medium, MediumState, StaffTask, Trouble
from kiosk.session.machine import Machine

READY = DeviceStatus(DeviceState.ONLINE, read_at=1.0)
GONE = DeviceStatus(DeviceState.NO_DEVICE, read_at=1.0)


@dataclass
class Part:
    """A device with a status that a test sets."""

    name: str
    status: DeviceStatus = READY


@dataclass
class Surroundings:
    """Devices and line as the watch sees them."""

    paper: Part = field(default_factory=lambda: Part("paper_printer"))
    scanner: Part | None = field(default_factory=lambda: Part("qr_scanner"))
    reader: Part | None = None
    cards: Part | None = None
    reachable: bool | None = True
    changes: list[Machine] = field(default_factory=list)

    def __iter__(self) -> Iterator[Part]:
        return iter([self.paper, *([self.scanner] if self.scanner else [])])

    def media(self, in_doubt: frozenset[str]) -> tuple[MediumState, ...]:
        paper = MediumState(Medium.A4, ready=self.paper.status.ready and not in_doubt, seconds=60)
        return (paper, MediumState(Medium.CARD, ready=True, seconds=120)) if self.cards else (paper,)


@pytest.fixture
def around() -> Surroundings:
    return Surroundings()


@pytest.fixture
def watch(around: Surroundings, ledger: Ledger) -> MachineWatch:
    machine = Machine("Tuban", "", ())
    return MachineWatch(machine, around, around, ledger, around.changes.append)  # type: ignore[arg-type]  # devices and line


async def written(ledger: Ledger) -> list[tuple[str, dict[str, Any]]]:
    return [(e.event, {k: v for k, v in e.data.items() if k != "actor"}) for e in await ledger.audit_entries(0, 100)]


async def test_a_look_tells_of_a_change_once(watch: MachineWatch, around: Surroundings) -> None:
    await watch.look()
    await watch.look()

    (machine,) = around.changes
    assert (machine.media[0].ready, machine.scanner, machine.dinas) == (True, True, True)


async def test_the_reserve_is_told_of_cards_and_only_where_stock_is_kept(around: Surroundings, ledger: Ledger) -> None:
    around.cards = True
    watch = MachineWatch(Machine("Tuban", "", ()), around, around, ledger, around.changes.append, 2)  # type: ignore[arg-type]  # as above
    troubles = []
    for serials in (None, SerialRange("A1", "A2"), SerialRange("A3", "A3")):
        if serials:
            await ledger.blanks.deliver(serials, "op-7")
            await ledger.blanks.load(serials, "op-7")
        await watch.look()
        troubles.append([(state.ready, state.trouble) for state in watch.machine.media])
    ready = (True, None)
    assert troubles == [[ready, ready], [ready, (True, Trouble.RESERVED)], [ready, ready]]


async def test_a_scanner_that_is_gone_is_no_way_in(watch: MachineWatch, around: Surroundings) -> None:
    assert around.scanner is not None
    around.scanner.status = GONE
    await watch.look()
    assert watch.machine.scanner is False

    around.scanner = None
    await watch.look()
    assert watch.machine.scanner is False


async def test_a_chip_reader_that_is_gone_is_known_before_a_card_is_asked_for(
    watch: MachineWatch, around: Surroundings
) -> None:
    await watch.look()
    assert watch.machine.chips  # a kiosk without a reader is asked for no chip

    around.reader = Part("card_reader", GONE)
    await watch.look()
    assert not watch.machine.chips


async def test_what_somebody_has_to_see_to_is_one_line_of_the_log_when_it_comes_and_one_when_it_goes(
    watch: MachineWatch, around: Surroundings, caplog: pytest.LogCaptureFixture
) -> None:
    """A card in the slot is no such thing: the applicant takes it."""
    empty = DeviceStatus(DeviceState.USER_ERROR, frozenset({Condition.MEDIA_EMPTY, Condition.MEDIA_PRESENTED}), 1.0)
    offline = DeviceStatus(DeviceState.OFFLINE, read_at=1.0)
    for status in (READY, empty, empty, GONE, empty, READY, READY, offline, READY):
        around.paper.status = status
        await watch.look()

    assert [record.message for record in caplog.records] == [
        "paper_printer: media_empty",
        "paper_printer: no longer media_empty",
        "paper_printer: offline",
        "paper_printer: no longer offline",
    ]


async def test_a_device_that_goes_and_comes_back_is_written_down_once_each(
    watch: MachineWatch, around: Surroundings, ledger: Ledger
) -> None:
    around.paper.status = GONE
    await watch.look()
    await watch.look()
    around.paper.status = READY
    await watch.look()
    await watch.look()

    assert await written(ledger) == [
        ("device-missing", {"device": "paper-printer", "state": "no-device"}),
        ("device-back", {"device": "paper-printer"}),
    ]


async def test_neither_unread_nor_waiting_for_a_hand_is_missing(
    watch: MachineWatch, around: Surroundings, ledger: Ledger
) -> None:
    around.paper.status = NEVER_READ
    await watch.look()
    around.paper.status = DeviceStatus(DeviceState.USER_ERROR, frozenset({Condition.MEDIA_EMPTY}), 1.0)
    await watch.look()

    assert await written(ledger) == []


async def test_a_line_that_goes_and_comes_back_is_written_down_once_each(
    watch: MachineWatch, around: Surroundings, ledger: Ledger
) -> None:
    for reachable in (None, True, False, False, True, True):
        around.reachable = reachable
        await watch.look()

    assert await written(ledger) == [("dinas-away", {}), ("dinas-back", {})]
    assert [machine.dinas for machine in around.changes] == [None, True, False, True]


async def test_what_the_engine_knows_stays_through_a_look(watch: MachineWatch, around: Surroundings) -> None:
    watch.set(Machine("Tuban", "", (), printable=frozenset({"kk"})))
    await watch.look()

    assert watch.machine.printable == frozenset({"kk"})
    assert around.changes[-1].printable == frozenset({"kk"})


async def unknown(ledger: Ledger, device: str, medium: str, reason: str) -> str:
    begun = await ledger.reserve(permit_id=str(uuid4()), document="kk", medium=medium, device=device, actor="applicant")
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.UNKNOWN):
        await ledger.advance(begun.attempt_id, phase, "system:issuance", Facts(reason=reason))
    return begun.attempt_id


async def test_staff_are_told_of_paper_in_the_tray_until_somebody_has_looked(
    watch: MachineWatch, ledger: Ledger
) -> None:
    left = await unknown(ledger, "paper_printer", "a4", "not-confirmed")
    await unknown(ledger, "card_printer", "card", "no-evidence")
    await watch.look()
    assert watch.machine.staff == (StaffTask.PAPER_LEFT, StaffTask.DOUBT_CARD)
    assert left in [doubt.attempt_id for doubt in await ledger.doubts()]
    await ledger.settle(left, Phase.TAKEN, "op-1")
    await watch.look()
    assert watch.machine.staff == (StaffTask.DOUBT_CARD,)


async def test_a_station_at_which_no_chip_answers_is_closed_and_told_until_a_person_accounts(
    watch: MachineWatch, around: Surroundings, ledger: Ledger
) -> None:
    around.cards = Part("card_printer")
    for _ in range(2):
        begun = await ledger.reserve(
            permit_id=str(uuid4()), document="ktp-el", medium="card", device="card_printer", actor="applicant"
        )
        for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED, Phase.SPOILED):
            await ledger.advance(begun.attempt_id, phase, "system:issuance", Facts(reason="chip-silent"))
    await watch.look_at_chips()
    await watch.look()
    assert (watch.machine.chips, watch.machine.staff) == (False, (StaffTask.CHIP,))
    await ledger.account_for_blank(begun.attempt_id, "op-1")
    await watch.look()
    assert (watch.machine.chips, watch.machine.staff) == (True, ())
