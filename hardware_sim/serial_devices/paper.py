"""The paper: what was printed since the last cut, as a picture."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from hardware_sim.serial_devices.escpos import (
    Align,
    DotFeed,
    LineFeed,
    LineSpacing,
    Operation,
    Raster,
    Reset,
    Text,
    TextSize,
)

LINE_DOTS = 30  # from line to line, unless a command says otherwise
CELL = (12, 24)  # dots of a character of font A
GROW_BY = 1000  # rows added to the picture when it is full
LONGEST = 30_000  # rows of one receipt (almost 4 m): a flood does not fill the memory
WHITE, BLACK = 255, 0


class Paper:
    """A strip of ``width`` dots. ``cut`` takes off what was printed."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._font = ImageFont.load_default(CELL[1] - 6)
        self._begin()
        self._set_back()

    def _begin(self) -> None:
        self._strip = Image.new("L", (self.width, GROW_BY), WHITE)
        self._y = 0
        self.used = False

    def _set_back(self) -> None:
        self._align = 0
        self._size = (1, 1)
        self._spacing = LINE_DOTS
        self._line_x = 0  # next character of the line that is being made
        self._line_height = 0

    def apply(self, operation: Operation) -> None:
        """Do what an operation does to the paper."""
        match operation:
            case Text(data):
                self._text(data.decode("cp437", errors="replace"))
            case LineFeed(lines):
                self._feed(lines * max(self._spacing, self._line_height))
            case DotFeed(dots):
                self._feed(dots)
            case Raster():
                self._raster(operation)
            case Align(where):
                self._align = where
            case TextSize(across, down):
                self._size = (across, down)
            case LineSpacing(dots):
                self._spacing = LINE_DOTS if dots is None else dots
            case Reset():
                self._set_back()
            case _:
                pass  # settings that change nothing here

    @property
    def rows(self) -> int:
        """Rows that came out since the last cut."""
        return self._y

    def cut(self) -> Image.Image:
        """The receipt so far, 1-bit; the paper is fresh afterwards."""
        receipt = self._strip.crop((0, 0, self.width, max(self._y, 1))).convert("1", dither=Image.Dither.NONE)
        self._begin()
        return receipt

    def _room(self, rows: int) -> bool:
        """Make room for so many rows from here on; False when the receipt is too long."""
        needed = self._y + rows
        if needed > LONGEST:
            return False
        if needed > self._strip.height:
            longer = Image.new("L", (self.width, needed + GROW_BY), WHITE)
            longer.paste(self._strip, (0, 0))
            self._strip = longer
        return True

    def _feed(self, dots: int) -> None:
        if self._room(dots):
            self._y += dots
        self._line_x = self._line_height = 0

    def _left(self, width: int) -> int:
        return max(0, (self.width - width) * self._align // 2)

    def _raster(self, raster: Raster) -> None:
        if not raster.height or not raster.width or not self._room(raster.height):
            return
        # 1 is black on the wire and white in the picture
        picture = Image.frombytes("1", (raster.width, raster.height), bytes(byte ^ 0xFF for byte in raster.data))
        x = self._line_x if not raster.advance else self._left(raster.width)
        self._strip.paste(picture, (x, self._y))  # what is wider than the paper falls off at the right, as it does
        self.used = True
        if raster.advance:
            self._y += raster.height
        else:
            self._line_x += raster.width
            self._line_height = max(self._line_height, raster.height)  # the next strip joins on

    def _text(self, text: str) -> None:
        across, down = CELL[0] * self._size[0], CELL[1] * self._size[1]
        x = self._line_x or self._left(across * len(text))
        if not self._room(down):
            return
        for character in text:
            if x + across > self.width:
                self._feed(max(self._spacing, down))
                x = 0
                if not self._room(down):
                    return
            glyph = Image.new("L", CELL, WHITE)
            ImageDraw.Draw(glyph).text((CELL[0] // 2, 0), character, font=self._font, fill=BLACK, anchor="ma")
            self._strip.paste(glyph.resize((across, down)), (x, self._y))
            x += across
        self._line_x, self._line_height = x, max(self._line_height, down + LINE_DOTS - CELL[1])
        self.used = True


class Receipts:
    """The receipts that were cut off, one PNG each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, receipt: Image.Image) -> Path:
        path = self.folder / f"receipt-{len(self.paths) + 1:04}.png"
        partly = path.with_suffix(".part")
        receipt.save(partly, "PNG")
        partly.replace(path)  # nobody who waits for it reads half a file
        self.paths.append(path)
        return path
