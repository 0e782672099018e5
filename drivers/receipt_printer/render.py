"""A picture as the bytes of a receipt, made by python-escpos before anything is sent."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from PIL import Image

# python-escpos keeps its printer database as a pickle, which it also loads: without this variable in a new folder at
# each import, left behind. A service sets it to a folder of its own; here is a folder that nobody else can write.
if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    _pickle_folder = tempfile.TemporaryDirectory(prefix="adm-escpos-")  # removed at the end of the process
    os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = _pickle_folder.name

from escpos.printer import Dummy  # after the variable that it reads when imported

FRAGMENT_ROWS = 240  # of one raster command: small printers hold 4 to 64 kB


def render(picture: Image.Image, width_px: int, *, cut: bool) -> bytes:
    """The bytes that print ``picture`` (made 1-bit without dithering if it is not) from the left margin.

    Raises ValueError for a picture wider than the paper: half a receipt would be out before the printer minded.
    """
    if picture.width > width_px or not picture.height:
        raise ValueError(f"a picture of {picture.width} x {picture.height} px does not fit on {width_px} px")
    one_bit = picture if picture.mode == "1" else picture.convert("L").convert("1", dither=Image.Dither.NONE)
    printer: Any = Dummy()
    # Its own check of the width, and no remark on the missing width on standard output for each picture.
    data = printer.profile.profile_data
    printer.profile.profile_data = {**data, "media": {"width": {"pixels": width_px}}}
    printer.hw("INIT")
    printer.image(one_bit, impl="bitImageRaster", fragment_height=FRAGMENT_ROWS)
    if cut:
        printer.cut()
    rendered: bytes = printer.output
    return rendered
