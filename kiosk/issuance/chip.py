"""The chip of a card that was printed: written by relay where the Dinas asks for it, then read back and compared."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

from PIL import Image, ImageChops, ImageStat, UnidentifiedImageError

from drivers.card_reader.errors import NoPhotoError
from drivers.errors import DeviceError
from drivers.printer import Json
from kiosk.dinas.contract import ChipStep, DinasAwayError, DinasError
from kiosk.issuance.ports import ChipReader, Dinas

CARD_WITHIN_S = 15.0
PHOTO_WITHIN_S = 20.0
RELAY_WITHIN_S = 180.0
MOST_STEPS = 100

# Mean difference of a pixel, 0 to 255: compressed anew a picture differs by 1 to 3, another face by 20 or more.
TOLERANCE = 6.0
MOST_PIXELS = 4_000_000  # a photo that claims more is no photo of a chip with 8 KB


class ChipError(Exception):
    """The card may not be handed out. ``reason`` is a stable code; ``dinas_away``: the fault is not the chip's."""

    def __init__(self, reason: str, *, dinas_away: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.dinas_away = dinas_away


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
        await reader.wait_for_card(CARD_WITHIN_S)
        if personalization:
            async with asyncio.timeout(RELAY_WITHIN_S):
                await _relay(reader, dinas, attempt_id)
        progressed(0.5)
        async with asyncio.timeout(PHOTO_WITHIN_S + 5):
            on_chip = await reader.read_photo(PHOTO_WITHIN_S)
    except NoPhotoError as error:
        # A Dinas that asks for no personalisation writes its chips elsewhere, or not at all: it said so in the claim.
        # The chip has answered, which is what can be seen here.
        if personalization:
            raise ChipError("chip-empty") from error
        return {"chip_read": True, "chip_photo_compared": False, "chip_personalized": False}
    except (DeviceError, TimeoutError) as error:
        raise ChipError("chip-fault") from error
    if photo is not None and not await asyncio.to_thread(same_picture, photo, on_chip):
        raise ChipError("chip-photo-differs")
    return {"chip_read": True, "chip_photo_compared": photo is not None, "chip_personalized": personalization}


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
        raise ChipError("dinas-away", dinas_away=True) from error
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
