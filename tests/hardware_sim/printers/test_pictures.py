"""Raster formats decoded to pictures, against files written by hand from their specifications."""

from __future__ import annotations

import struct

import pytest

from hardware_sim.printers import pictures


def pwg(width: int, height: int, lines: bytes) -> bytes:
    header = bytearray(pictures.PWG_HEADER)
    header[0:9] = b"PwgRaster"
    struct.pack_into(">II", header, 372, width, height)
    struct.pack_into(">III", header, 384, 8, 24, width * 3)
    return b"RaS2" + bytes(header) + lines


def urf(width: int, height: int, lines: bytes) -> bytes:
    header = struct.pack(">BBBBBBHIIIQ", 24, 1, 1, 4, 0, 0, 0, 0, width, height, 300)[:24]
    return b"UNIRAST\0" + struct.pack(">I", 1) + header.ljust(pictures.URF_HEADER, b"\0") + lines


RED, BLUE, WHITE = b"\xff\0\0", b"\0\0\xff", b"\xff\xff\xff"
# Two equal lines of three red pixels and a literal pair, then one line of five blue ones.
LINES = b"\x01" + b"\x02" + RED + b"\xff" + BLUE + WHITE + b"\x00" + b"\x04" + BLUE
PIXELS = (RED * 3 + BLUE + WHITE) * 2 + BLUE * 5


@pytest.mark.parametrize("document", [pwg(5, 3, LINES), urf(5, 3, LINES)])
def test_runs_literals_and_repeated_lines(document: bytes) -> None:
    (page,) = pictures.pages(document, 72)
    assert (page.size, page.tobytes()) == ((5, 3), PIXELS)
    assert pictures.count(document) == 1


def test_the_rest_of_an_apple_raster_line_is_white() -> None:
    (page,) = pictures.pages(urf(4, 1, b"\x00" + b"\x00" + RED + b"\x80"), 72)
    assert page.tobytes() == RED + WHITE * 3


@pytest.mark.parametrize("document", [pwg(5, 3, LINES[:-4]), pwg(5, 3, LINES)[:900], b"%PDF-1.4 no", b"text", b""])
def test_a_broken_document_is_an_error_and_no_page(document: bytes) -> None:
    with pytest.raises(pictures.DocumentError):
        list(pictures.pages(document, 72))
