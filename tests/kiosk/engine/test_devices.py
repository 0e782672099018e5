"""What the devices let the kiosk do now, with real drivers on a real cupsd and simulated printers."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.testing import until
from hardware_sim.printers.stand import CARD, PAPER, PrintStand
from kiosk.engine.devices import FRESH_S, Devices
from kiosk.ledger.attempts import Facts
from kiosk.ledger.events import APPLICANT
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.phases import Phase
from kiosk.protocol import Medium, MediumState, Trouble
from kiosk.settings import CardPrinterSettings, Documents, PaperPrinter, Paths, Settings, Site, Spooler, Trust
from kiosk.settings import Dinas as Line
from kiosk.settings import LocalPath as P

pytestmark = pytest.mark.devices


@pytest.fixture(scope="module")
def stand() -> Iterator[PrintStand]:
    with PrintStand() as stand:
        yield stand


class Clock:
    """The engine's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead  # the loop's time is monotonic


def settings(stand: PrintStand, *, paper: bool = True, **cards: Any) -> Settings:
    somewhere = P(stand.folder)
    return Settings(
        site=Site("Tuban", "Loket 1"),
        paths=Paths(somewhere, somewhere),
        dinas=Line("https://127.0.0.1:9", somewhere, somewhere, somewhere),
        trust=Trust([somewhere], [somewhere]),
        documents=Documents(somewhere, somewhere),
        spooler=Spooler(stand.cups.server, P(stand.cups.claims)),
        paper_printer=PaperPrinter("adm-a4", stand.uri(PAPER)) if paper else None,
        card_printer=CardPrinterSettings("adm-card", stand.uri(CARD), **cards),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def devices(stand: PrintStand, clock: Clock) -> AsyncIterator[Devices]:
    stand.repair()
    devices = Devices(settings(stand), clock)
    await devices.start()
    await devices.first_readings(10)
    yield devices
    await devices.close()


def troubles(devices: Devices, in_doubt: frozenset[str] = frozenset()) -> dict[Medium, Trouble | None]:
    return {state.medium: state.trouble for state in devices.media(in_doubt)}


async def test_both_media_are_ready_with_the_time_that_they_take(devices: Devices) -> None:
    assert devices.media(frozenset()) == (
        MediumState(Medium.CARD, ready=True, seconds=120),
        MediumState(Medium.A4, ready=True, seconds=60),
    )


async def test_cards_and_paper_fail_apart(devices: Devices, stand: PrintStand) -> None:
    stand.hand(PAPER).do("power_off")
    await until(lambda: troubles(devices)[Medium.A4] is Trouble.AWAY)
    assert troubles(devices)[Medium.CARD] is None

    stand.hand(PAPER).do("power_on")
    stand.hand(CARD).do("condition", name="media_empty", on=True)
    await until(lambda: troubles(devices) == {Medium.CARD: Trouble.MEDIA_EMPTY, Medium.A4: None})


async def test_a_device_with_an_attempt_in_doubt_takes_nothing(devices: Devices) -> None:
    found = troubles(devices, frozenset({"paper_printer"}))

    assert found == {Medium.CARD: None, Medium.A4: Trouble.IN_DOUBT}


async def test_an_old_reading_says_nothing_about_now(devices: Devices, clock: Clock) -> None:
    clock.ahead = FRESH_S + 1000

    assert troubles(devices) == {Medium.CARD: Trouble.AWAY, Medium.A4: Trouble.AWAY}


async def test_what_was_never_read_is_not_ready_and_what_is_not_configured_is_not_there(stand: PrintStand) -> None:
    devices = Devices(settings(stand, paper=False), Clock())

    assert troubles(devices) == {Medium.CARD: Trouble.AWAY}
    assert [device.name for device in devices] == ["card_printer"]


async def test_the_first_readings_are_not_waited_for_for_ever(stand: PrintStand) -> None:
    """A device that was never started is never read: the start goes on without it."""
    devices = Devices(settings(stand), Clock())
    await devices.first_readings(0.2)

    assert troubles(devices)[Medium.A4] is Trouble.AWAY


async def given_to_the_printer(ledger: Ledger, end: Phase, *, device: str = "card_printer") -> None:
    """An attempt that came as far as the printer."""
    attempt = await ledger.reserve(
        permit_id=str(uuid.uuid4()), document="KTP", medium="card", device=device, actor=APPLICANT
    )
    for phase in (Phase.CLAIMED, Phase.OPENED, Phase.SUBMITTED):
        await ledger.advance(attempt.attempt_id, phase, APPLICANT, Facts())
    await ledger.advance(attempt.attempt_id, end, APPLICANT, Facts(reason="jam"))


@pytest.mark.parametrize("limit", ["cards_before_rest", "cards_per_day"])
async def test_a_card_printer_that_has_done_its_duty_rests(stand: PrintStand, tmp_path: Path, limit: str) -> None:
    stand.repair()
    ledger = await Ledger.open(tmp_path)
    devices = Devices(settings(stand, **{limit: 2}), Clock())
    await devices.start()
    await devices.first_readings(10)
    try:
        await given_to_the_printer(ledger, Phase.SPOILED)
        await given_to_the_printer(ledger, Phase.FAILED)  # surely nothing was printed
        await given_to_the_printer(ledger, Phase.SPOILED, device="paper_printer")
        await devices.count_cards(ledger)
        assert troubles(devices) == {Medium.CARD: None, Medium.A4: None}

        await given_to_the_printer(ledger, Phase.SPOILED)
        await devices.count_cards(ledger)
        assert troubles(devices) == {Medium.CARD: Trouble.RESTING, Medium.A4: None}
        # What is wrong with the machine itself is told first.
        assert troubles(devices, frozenset({"card_printer"}))[Medium.CARD] is Trouble.IN_DOUBT
    finally:
        await devices.close()
        await ledger.close()
