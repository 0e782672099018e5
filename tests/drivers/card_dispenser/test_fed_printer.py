"""Dispenser and printer as one: the rules of every card printer, and a blank that is fed once, on a real cupsd."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers import registry
from drivers.card_dispenser import driver as dispenser_driver
from drivers.card_dispenser import fed_printer, protocol
from drivers.card_dispenser.driver import Crt591
from drivers.card_dispenser.fed_printer import FedPrinter, joined
from drivers.card_dispenser.protocol import Within
from drivers.card_printer import driver as card_driver
from drivers.claims import Claims
from drivers.device import Condition, DeviceState, DeviceStatus
from drivers.dispenser import MotionFailedError
from drivers.errors import DeviceError, DeviceRefusedError
from drivers.printer import CardPosition, CardPrinter, JobEnd, JobReport
from drivers.spooler import printer as spooled
from drivers.testing import CardPrinterConformance, new_attempt, print_card, running, until
from hardware_sim.card_dispenser.world import DispenserWorld
from hardware_sim.printers.stand import CARD, MEDIA_NAMES, PrintStand
from kiosk.documents.card_faces import card_page

devices = pytest.mark.devices


class Pair:
    """A printer without feeder, and the dispenser before its mouth. See drivers.testing.CardRig."""

    def __init__(self, stand: PrintStand, world: DispenserWorld) -> None:
        self.stand = stand
        self.world = world
        self.document = card_page(Image.new("RGB", (638, 1016), (90, 90, 200)))

    def make(self) -> FedPrinter:
        cups = self.stand.cups
        options = {"queue": "adm-card", "device": self.stand.uri(CARD), "server": cups.server, "stall_s": 3}
        options |= {"media": MEDIA_NAMES[CARD]}
        printer = registry.make(CardPrinter, "cups-card", "card_printer", options, time.monotonic, cups.claims)
        dispenser = Crt591("card_dispenser", self.world.settings()["port"], baud=57600)
        return FedPrinter(printer, dispenser, cups.claims)

    def fed(self) -> int:
        return int(self.world.state()["fed"])

    def take(self) -> None:
        self.stand.hand(CARD).do("take_card")

    def printed(self) -> int:
        return len(self.stand.printers.ledger(CARD, "sheet"))


@pytest.fixture(scope="module")
def module_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with PrintStand(page_s=0.05, feeder=False) as stand:
        world = DispenserWorld(tmp_path_factory.mktemp("dispenser"), printer=stand.hand(CARD).url)
        world.start()
        yield Pair(stand, world)
        world.close()


@pytest.fixture
def rig(module_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Both machines as new."""
    monkeypatch.setattr(spooled, "SETTLE_S", 3.0)
    monkeypatch.setattr(card_driver, "MOTION_S", 2.0)
    monkeypatch.setattr(fed_printer, "HAND_OVER_S", 1.0)
    monkeypatch.setattr(dispenser_driver, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(dispenser_driver, "FIND_OUT_S", 1.0)
    monkeypatch.setitem(protocol.WITHIN_S, Within.MOVE, 1.0)
    module_pair.stand.repair()
    module_pair.world.acts["repair"]()
    module_pair.world.acts["times"](motion_s=0.02)
    return module_pair


@pytest.fixture
async def pair(rig: Pair) -> AsyncIterator[CardPrinter]:
    async with running(rig) as printer:
        await until(lambda: printer.status.ready)
        yield printer


async def failed(printer: CardPrinter, rig: Pair, error: type[DeviceError] = DeviceError) -> JobReport:
    """An attempt whose sending fails, as the kiosk goes on with it: found, not sent again."""
    before = await printer.counters()
    job = await printer.create(new_attempt())
    with pytest.raises(error):
        await printer.send(job, rig.document)
    report = await printer.find(job.attempt_id, before, 1)
    with pytest.raises(DeviceRefusedError):
        await printer.send(job, rig.document)
    with pytest.raises(DeviceRefusedError):
        await printer.create(job.attempt_id)
    return report


@devices
class TestFedPrinter(CardPrinterConformance):
    @pytest.fixture
    def rig(self, rig: Pair) -> Pair:
        return rig


@devices
async def test_the_blank_that_was_fed_is_the_card_that_was_printed(pair: CardPrinter, rig: Pair) -> None:
    _, report = await print_card(pair, rig)

    assert report.end is JobEnd.PRINTED
    assert report.evidence["blank_claim"] == "fence"
    assert report.evidence["blank_in_dispenser"] == "none"
    assert rig.stand.hand(CARD).state()["serial"] == f"D{rig.fed():06d}"


@devices
async def test_an_empty_stacker_is_told_and_nothing_comes_of_the_attempt(pair: CardPrinter, rig: Pair) -> None:
    rig.world.acts["stacker"](n=0)
    fed, printed = rig.fed(), rig.printed()
    report = await failed(pair, rig)

    assert (report.end, report.reason) == (JobEnd.NOTHING, "not-sent")
    assert report.evidence["blank_claim"] == "revoked"  # for a start after this moment too
    assert (rig.fed(), rig.printed()) == (fed, printed)
    assert Condition.MEDIA_EMPTY in (await pair.refresh()).conditions
    assert not pair.status.ready
    rig.world.acts["refill"](n=50)
    await until(lambda: pair.status.ready)


@devices
async def test_a_blank_that_the_printer_does_not_take_is_kept_back_and_counted(pair: CardPrinter, rig: Pair) -> None:
    before = await pair.counters()
    rig.stand.hand(CARD).do("condition", name="media_jam")
    fed = rig.fed()
    report = await failed(pair, rig)
    rig.stand.hand(CARD).do("condition", name="media_jam", on=False)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-not-handed-over")
    assert await pair.position() is CardPosition.INSIDE
    assert Condition.MEDIA_JAM in (await pair.refresh()).conditions
    await pair.reject()
    assert await pair.position() is CardPosition.NONE
    after = await pair.counters()
    assert (rig.fed(), after.rejected, after.printed) == (fed + 1, (before.rejected or 0) + 1, before.printed)


@devices
async def test_a_blank_that_the_dispenser_takes_back_by_itself_is_counted(pair: CardPrinter, rig: Pair) -> None:
    rig.stand.hand(CARD).do("condition", name="cover_open")
    rig.world.acts["times"](take_back_s=0.2)
    before = await pair.counters()
    report = await failed(pair, rig)
    rig.stand.hand(CARD).do("condition", name="cover_open", on=False)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "not-sent")  # the bin tells the rest
    assert await pair.position() is CardPosition.NONE
    assert (await pair.counters()).rejected == (before.rejected or 0) + 1


@devices
async def test_a_blank_that_a_hand_takes_on_its_way_is_missed(pair: CardPrinter, rig: Pair) -> None:
    rig.stand.hand(CARD).do("condition", name="cover_open")
    before = await pair.counters()
    job = await pair.create(new_attempt())
    sending = asyncio.create_task(pair.send(job, rig.document))
    await until(lambda: rig.world.state()["card"] == "gate")
    rig.world.acts["take_card"]()
    with pytest.raises(DeviceError):
        await sending
    rig.stand.hand(CARD).do("condition", name="cover_open", on=False)
    report = await pair.find(job.attempt_id, before, 1)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-missing")


@devices
@pytest.mark.parametrize("phase", ["before", "printing", "after"])
async def test_a_dispenser_that_falls_silent_feeds_one_blank_at_most_and_prints_nothing(
    pair: CardPrinter, rig: Pair, phase: str
) -> None:
    fed, printed = rig.fed(), rig.printed()
    rig.world.arming.arm(phase, "silence", {"on": True})
    report = await failed(pair, rig)
    rig.world.acts["silence"](on=False)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-in-doubt")
    assert (rig.fed(), rig.printed()) == (fed + 1, printed)
    await until(lambda: pair.status.state is not DeviceState.UNKNOWN)
    assert await pair.position() is CardPosition.INSIDE
    await pair.reject()
    assert await pair.position() is CardPosition.NONE


@devices
async def test_a_blank_that_jams_where_no_sensor_sees_it_is_in_doubt(pair: CardPrinter, rig: Pair) -> None:
    fed = rig.fed()
    rig.world.acts["jam"](seen=False)
    report = await failed(pair, rig, MotionFailedError)

    assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-in-doubt")
    assert (rig.fed(), rig.world.state()["card"]) == (fed + 1, "none")


@devices
@pytest.mark.parametrize("fault", ["nak", "lose_command"])
async def test_a_feed_that_was_surely_not_begun_is_nothing(pair: CardPrinter, rig: Pair, fault: str) -> None:
    fed = rig.fed()
    rig.world.acts[fault](times=3, motions=True)
    report = await failed(pair, rig)

    assert (report.end, report.reason) == (JobEnd.NOTHING, "not-sent")
    assert report.evidence["blank_claim"] == "revoked"
    assert rig.fed() == fed


@devices
async def test_a_lost_answer_costs_nothing(pair: CardPrinter, rig: Pair) -> None:
    fed = rig.fed()
    rig.world.acts["lose_answer"](times=2)
    _, report = await print_card(pair, rig)

    assert report.end is JobEnd.PRINTED
    assert rig.fed() == fed + 1


@devices
async def test_a_kiosk_that_died_after_the_feed_feeds_no_other_blank(rig: Pair) -> None:
    async with running(rig) as printer:
        await until(lambda: printer.status.ready)
        before = await printer.counters()
        job = await printer.create(new_attempt())
        sending = asyncio.create_task(printer.send(job, rig.document))
        fed = rig.fed()
        rig.world.acts["times"](motion_s=0.5)
        await until(lambda: rig.fed() == fed + 1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    async with running(rig) as after:
        await until(lambda: after.status.read_at is not None)
        await until(lambda: rig.world.state()["card"] == "inside")
        rig.world.acts["moved_by_hand"]()  # with an empty path only the claim keeps a second blank back
        with pytest.raises(DeviceRefusedError, match="fed for this attempt already"):
            await after.send(job, rig.document)
        with pytest.raises(DeviceRefusedError, match="fed for this attempt already"):
            await after.create(job.attempt_id)
        assert rig.fed() == fed + 1
        report = await after.find(job.attempt_id, before, 1)
        assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-in-doubt")


@devices
async def test_a_kiosk_that_died_after_the_feed_finds_the_blank_in_the_path(rig: Pair) -> None:
    async with running(rig) as printer:
        await until(lambda: printer.status.ready)
        before = await printer.counters()
        job = await printer.create(new_attempt())
        sending = asyncio.create_task(printer.send(job, rig.document))
        fed = rig.fed()
        rig.world.acts["times"](motion_s=0.5)
        await until(lambda: rig.fed() == fed + 1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    async with running(rig) as after:
        await until(lambda: after.status.read_at is not None)
        await until(lambda: rig.world.state()["card"] == "inside")
        report = await after.find(job.attempt_id, before, 1)
        assert (report.end, report.reason) == (JobEnd.UNKNOWN, "blank-not-handed-over")
        assert await after.position() is CardPosition.INSIDE
        with pytest.raises(DeviceRefusedError):
            await after.send(job, rig.document)
        await after.reject()

        assert await after.position() is CardPosition.NONE
    assert rig.fed() == fed + 1


@devices
async def test_a_dispenser_that_goes_away_after_the_hand_over_leaves_the_card_certain(
    pair: CardPrinter, rig: Pair
) -> None:
    await print_card(pair, rig)
    rig.world.acts["unplug"]()
    await until(lambda: not pair.status.ready)
    assert await pair.position() is CardPosition.STATION
    await pair.present()
    rig.take()

    assert await pair.position() is CardPosition.NONE
    rig.world.acts["plug"]()
    await until(lambda: pair.status.ready)


@devices
async def test_for_an_attempt_that_another_driver_has_sent_no_blank_is_fed(pair: CardPrinter, rig: Pair) -> None:
    fed = rig.fed()
    job = await pair.create(new_attempt())
    assert Claims(rig.stand.cups.claims).take(job.attempt_id, "another")
    with pytest.raises(DeviceRefusedError):
        await pair.send(job, rig.document)

    assert rig.fed() == fed


@devices
async def test_an_attempt_that_was_looked_for_can_have_no_blank_any_more(pair: CardPrinter) -> None:
    report = await pair.find(new_attempt(), await pair.counters(), 1)

    assert (report.end, report.evidence["blank_claim"]) == (JobEnd.NOTHING, "revoked")


@devices
async def test_without_a_durable_claim_no_blank_is_fed(pair: FedPrinter, rig: Pair, tmp_path: Path) -> None:
    fed = rig.fed()
    job = await pair.create(new_attempt())
    pair._claims._folder = tmp_path / "nowhere"
    with pytest.raises(DeviceRefusedError):
        await pair.send(job, rig.document)

    assert rig.fed() == fed


# -- two statuses in one

ON, USER, AWAY = DeviceState.ONLINE, DeviceState.USER_ERROR, DeviceState.NO_DEVICE
EMPTY, LOW, JAM = Condition.MEDIA_EMPTY, Condition.MEDIA_LOW, Condition.MEDIA_JAM
GATE, RIBBON = Condition.MEDIA_PRESENTED, Condition.RIBBON_EMPTY
JOINED = [
    ("both well", (ON, ()), (ON, ()), False, (ON, ())),
    ("dispenser away", (ON, ()), (AWAY, ()), False, (AWAY, ())),
    ("printer away", (AWAY, ()), (ON, (LOW,)), False, (AWAY, (LOW,))),
    ("stacker empty", (ON, ()), (USER, (EMPTY,)), False, (USER, (EMPTY,))),
    ("no hopper is no trouble", (USER, (EMPTY,)), (ON, ()), False, (ON, ())),
    ("no hopper, and the ribbon", (USER, (EMPTY, RIBBON)), (ON, ()), False, (USER, (RIBBON,))),
    ("card in the slot", (ON, (GATE,)), (ON, ()), False, (ON, (GATE,))),
    ("blank between them", (ON, ()), (ON, (GATE,)), False, (USER, (JAM,))),
    ("blank on its way", (ON, ()), (ON, (GATE,)), True, (ON, ())),
]


@pytest.mark.parametrize(
    ("printer", "dispenser", "feeding", "both"), [row[1:] for row in JOINED], ids=[r[0] for r in JOINED]
)
def test_two_statuses_are_one(
    printer: tuple[DeviceState, tuple[Condition, ...]],
    dispenser: tuple[DeviceState, tuple[Condition, ...]],
    feeding: bool,
    both: tuple[DeviceState, tuple[Condition, ...]],
) -> None:
    found = joined(
        DeviceStatus(printer[0], frozenset(printer[1]), 7.0),
        DeviceStatus(dispenser[0], frozenset(dispenser[1]), 5.0),
        feeding=feeding,
    )
    assert found == DeviceStatus(both[0], frozenset(both[1]), 5.0)


def test_what_one_of_them_never_said_is_not_known() -> None:
    assert joined(DeviceStatus(ON, read_at=7.0), DeviceStatus(ON), feeding=False).read_at is None
