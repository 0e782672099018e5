"""The chip of a card that was printed: written by relay where the Dinas asks for it, then read back and compared."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable

from PIL import Image, ImageChops, ImageStat, UnidentifiedImageError

from drivers.card_reader.errors import NoPhotoError, ServiceAwayError
from drivers.device import DeviceState
from drivers.errors import DeviceError, DeviceRefusedError
from drivers.printer import Json
from kiosk.dinas.contract import ChipStep, DinasAwayError, DinasError
from kiosk.issuance import deadlines
from kiosk.issuance.ports import ChipReader, Dinas
from kiosk.ledger.attempts import Attempt
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import NoticeKind

MOST_STEPS = 100
SILENT_IN_A_ROW = 2
LOOK_BACK = 50  # attempts on the printer; those without a chip say nothing of the station
SILENT = "chip-silent"
READER_AWAY = "reader-away"
LOOK_AT_READER_S = 3.0  # a reader that was pulled out is missed by pcscd within two
LOOK_EVERY_S = 0.2
_READER_GONE = frozenset({DeviceState.NO_DEVICE, DeviceState.POWER_OFF, DeviceState.UNKNOWN})

# Mean difference of a pixel, 0 to 255: compressed anew a picture differs by 1 to 3, another face by 20 or more.
TOLERANCE = 6.0
MOST_PIXELS = 4_000_000  # a photo that claims more is no photo of a chip with 8 KB


class ChipError(Exception):
    """The card may not be handed out. ``reason`` is a stable code, ``notice`` what the person is told."""

    def __init__(self, reason: str, notice: NoticeKind = NoticeKind.CHIP_FAULT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.notice = notice


async def complete(
    reader: ChipReader,
    dinas: Dinas,
    attempt_id: str,
    *,
    personalization: bool,
    photo: bytes | None,
    progressed: Callable[[float], None],
) -> dict[str, Json]:
    """Write the chip where the Dinas wants it, and read it back; the evidence for the ledger. Raises ChipError."""
    try:
        async with asyncio.timeout(deadlines.CARD_AT_STATION + deadlines.GRACE):
            await reader.wait_for_card(deadlines.CARD_AT_STATION)
        if personalization:
            async with asyncio.timeout(deadlines.RELAY):
                await _relay(reader, dinas, attempt_id)
        progressed(0.5)
        async with asyncio.timeout(deadlines.READ_CHIP + deadlines.GRACE):
            on_chip = await reader.read_photo(deadlines.READ_CHIP)
    except NoPhotoError as error:
        # A Dinas that asks for no personalisation writes its chips elsewhere, or not at all: it said so in the claim.
        # The chip has answered, which is what can be seen here.
        if personalization:
            raise ChipError("chip-empty") from error
        return {"chip_read": True, "chip_photo_compared": False, "chip_personalized": False}
    except DeviceRefusedError as error:
        raise ChipError("chip-fault") from error  # it answers, and is no KTP-el that can be read
    except (DeviceError, TimeoutError) as error:
        if isinstance(error, ServiceAwayError) or await _gone(reader):
            raise ChipError(READER_AWAY, NoticeKind.READER_AWAY) from error
        raise ChipError(SILENT, NoticeKind.CHIP_SILENT) from error
    if photo is not None and not await asyncio.to_thread(same_picture, photo, on_chip):
        raise ChipError("chip-photo-differs")
    return {"chip_read": True, "chip_photo_compared": photo is not None, "chip_personalized": personalization}


async def _gone(reader: ChipReader) -> bool:
    """Whether it is the reader that is away: a cable that was pulled out looks like a mute chip at first."""
    try:
        async with asyncio.timeout(LOOK_AT_READER_S):
            while reader.status.state not in _READER_GONE:  # noqa: ASYNC110  # a reader keeps its state, and tells nobody
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        return False
    return True


def no_chip_answers(attempts: Iterable[Attempt]) -> bool:
    """Whether the station has to be closed: two cards in a row, newest first, whose chips said nothing.

    Each would have cost a blank. A chip that was read opens it again, and so does a person who has accounted for one of
    the cards: whoever has it in hand has seen the reader.
    """
    row = 0
    for attempt in attempts:
        if attempt.evidence.get("chip_read") or (attempt.reason == SILENT and attempt.accounted_by is not None):
            return False
        row += attempt.reason == SILENT
        if row == SILENT_IN_A_ROW:
            return True
    return False


async def station_closed(ledger: Ledger, device: str) -> bool:
    """`no_chip_answers`, by the ledger: so it lasts over restarts."""
    return no_chip_answers(await ledger.recent(device, LOOK_BACK))


async def _relay(reader: ChipReader, dinas: Dinas, attempt_id: str) -> None:
    """Carry commands and answers between the Dinas and the chip until it is done; nothing of it is kept."""
    atr: str | None = (await reader.atr()).hex()
    responses: list[str] = []
    for number in range(MOST_STEPS):
        step = await _step(dinas, attempt_id, number, responses, atr)
        if step.done:
            if step.ok is not True:
                raise ChipError("chip-refused")
            return
        atr = None
        answers = await reader.transmit([bytes.fromhex(command) for command in step.commands])
        responses = [answer.hex() for answer in answers]
    raise ChipError("chip-endless")


async def _step(dinas: Dinas, attempt_id: str, number: int, responses: list[str], atr: str | None) -> ChipStep:
    try:
        return await dinas.personalize(attempt_id, number, responses, atr)  # the client repeats it where that may help
    except DinasAwayError as error:
        raise ChipError("dinas-away", NoticeKind.DINAS_AWAY) from error
    except DinasError as error:
        raise ChipError("chip-refused") from error


def same_picture(expected: bytes, found: bytes) -> bool:
    """Whether two JPEGs show the same: equal bytes, or equal size and nearly equal pixels."""
    if expected == found:
        return True
    try:
        pictures = [_decoded(jpeg) for jpeg in (expected, found)]
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
        return False
    if pictures[0].size != pictures[1].size:
        return False
    difference = ImageStat.Stat(ImageChops.difference(*pictures)).mean
    return sum(difference) / len(difference) <= TOLERANCE


def _decoded(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too large")
    return picture.convert("RGB")
