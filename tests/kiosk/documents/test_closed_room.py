"""The process in which a PDF is checked and drawn: its limits hold, it leaves nothing, and what it draws is exact."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from paper_mill import changed, picture_pages, pictures_of, sign, swollen
from PIL import Image, ImageChops, ImageDraw, ImageStat
from reportlab.lib.pagesizes import A4, landscape
from small_dinas import party, plain_pdf, revocation_list, sign_pdf

from kiosk.documents import draw_pages
from kiosk.documents.draw_order import Drawn, Order
from kiosk.documents.pdf_pages import PageDrawer
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

A4_PX = (2480, 3508)  # at 300 dpi
ROOT = party("Akar Uji (SPESIMEN)")
SIGNER = party("Kepala Dinas Uji", ROOT)


@pytest.fixture(scope="module")
def drawer() -> Iterator[PageDrawer]:
    opened = PageDrawer()
    opened.warm_up()
    yield opened
    opened.close()


async def drawn(drawer: PageDrawer, signed: bytes, *, dpi: int = 300, most_pages: int = 2) -> Drawn:
    lists = [revocation_list(ROOT).dump()]
    return await drawer.draw(signed, roots=[ROOT.asn1.dump()], crls=lists, most_pages=most_pages, dpi=dpi)


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    found = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(found) / len(found)


# What it draws


async def test_a_picture_of_a_whole_page_comes_out_as_it_went_in(drawer: PageDrawer) -> None:
    # Squares of 8 dots in greys: half a dot of shift or any scaling would blur every edge.
    picture = Image.effect_noise((310, 439), 90).resize(A4_PX, Image.Resampling.NEAREST)
    [page] = pictures_of((await drawn(drawer, sign_pdf(picture_pages(picture), SIGNER))).document)
    assert (page.mode, page.size) == ("L", A4_PX)
    assert mean_difference(page, picture) == 0


async def test_one_coloured_speck_makes_a_page_coloured(drawer: PageDrawer) -> None:
    picture = Image.new("RGB", A4_PX, "white")
    ImageDraw.Draw(picture).rectangle((1000, 2000, 1005, 2005), "#d00000")
    pages = pictures_of((await drawn(drawer, sign_pdf(picture_pages(picture, picture.convert("L")), SIGNER))).document)
    assert [page.mode for page in pages] == ["RGB", "L"]
    assert pages[0].getpixel((1002, 2002)) == (0xD0, 0, 0)
    assert mean_difference(pages[0], picture) < 0.1


async def test_a_page_that_lies_is_turned_and_nothing_of_it_is_lost(drawer: PageDrawer) -> None:
    lying = Image.new("L", (A4_PX[1], A4_PX[0]), 255)
    ImageDraw.Draw(lying).rectangle((0, 0, 400, 200), 0)  # top left
    signed = sign_pdf(picture_pages(lying, size=landscape(A4)), SIGNER)
    [page] = pictures_of((await drawn(drawer, signed)).document)
    assert page.size == A4_PX
    assert mean_difference(page, lying.transpose(Image.Transpose.ROTATE_90)) < 0.5


async def test_a_page_a_little_off_a4_is_not_scaled(drawer: PageDrawer) -> None:
    sizes = []
    for size in (A4, (A4[0] - 9, A4[1] + 9)):
        [page] = pictures_of((await drawn(drawer, sign_pdf(plain_pdf(size=size), SIGNER))).document)
        assert page.size == A4_PX
        left, top, right, low = ImageChops.invert(page.crop((0, 1500, *A4_PX))).getbbox() or (0, 0, 0, 0)
        sizes.append((right - left, low - top))  # of the black rectangle
    assert sizes[0] == pytest.approx(sizes[1], abs=1)
    assert sizes[0] > (800, 400)


async def test_a_visible_signature_is_on_the_page(drawer: PageDrawer) -> None:
    box = (60, 60, 360, 160)
    [seen] = pictures_of((await drawn(drawer, sign(plain_pdf(), SIGNER, ROOT, box=box))).document)
    [unseen] = pictures_of((await drawn(drawer, sign_pdf(plain_pdf(), SIGNER))).document)
    # The stamp and nothing else: no highlight over its field, and the rest as without it.
    [left, top, right, low] = [round(value * 300 / 72) for value in (box[0], A4[1] - box[3], box[2], A4[1] - box[1])]
    foot = (0, top - 200, A4_PX[0], A4_PX[1])
    found = ImageChops.invert(seen.convert("L").crop(foot)).getbbox()
    assert found == pytest.approx((left, 200, right, 200 + low - top), abs=8)
    assert seen.getpixel((left + 40, top + 40)) == (255, 255, 255)
    assert unseen.crop(foot).getextrema() == (255, 255)


async def test_other_resolutions(drawer: PageDrawer) -> None:
    [page] = pictures_of((await drawn(drawer, sign_pdf(plain_pdf(), SIGNER), dpi=600)).document)
    assert page.size == (4961, 7016)


# Its limits


def in_the_process(*lines: str, given: Path | None = None) -> subprocess.CompletedProcess[str]:
    code = "\n".join(("from kiosk.documents import draw_pages", "draw_pages.limit()", *lines))
    command = [sys.executable, "-I", "-c", code, *([str(given)] if given else [])]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_it_can_take_no_more_memory_than_it_needs() -> None:
    assert "MemoryError" in in_the_process(f"bytearray({draw_pages.MEMORY_BYTES})").stderr


def test_it_can_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "leak"
    found = in_the_process(f"open({str(target)!r}, 'wb', 0).write(b'x')")
    assert found.returncode != 0
    assert not target.exists() or target.read_bytes() == b""


@pytest.mark.parametrize(
    "act", ["open('/etc/hostname')", "__import__('socket').socket()", "__import__('os').open('/', 0)"]
)
def test_while_drawing_it_can_open_neither_file_nor_connection(act: str) -> None:
    allowed = in_the_process("import socket, os", act)
    refused = in_the_process("import socket, os", "draw_pages.close_the_door()", act)
    assert allowed.returncode == 0, allowed.stderr
    assert "Too many open files" in refused.stderr


def test_the_door_is_closed_before_the_first_page_is_drawn(tmp_path: Path) -> None:
    order = Order(sign_pdf(plain_pdf(), SIGNER), [ROOT.asn1.dump()], [revocation_list(ROOT).dump()], 1, 72)
    (tmp_path / "order").write_bytes(msgspec.msgpack.encode(order))
    found = in_the_process(
        "import msgspec, pathlib, sys",
        "from kiosk.documents.draw_order import Order",
        "order = msgspec.msgpack.decode(pathlib.Path(sys.argv[1]).read_bytes(), type=Order)",
        "draw_pages.draw = lambda *_: open('/etc/hostname')",
        "draw_pages.answer(order)",
        given=tmp_path / "order",
    )
    assert "Too many open files" in found.stderr


def test_it_ends_after_so_much_of_the_processor() -> None:
    found = in_the_process("import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[1])")
    assert found.stdout.split() == [str(draw_pages.CPU_S)]


async def test_the_process_that_waits_has_limited_itself_already() -> None:
    drawer = PageDrawer()
    drawer.warm_up()
    spare = drawer._spare
    assert spare is not None
    limits = Path(f"/proc/{spare.pid}/limits")

    def limited() -> bool:
        found = {line[:25].strip(): line[25:].split()[1] for line in limits.read_text().splitlines()}
        none = found["Max file size"] == found["Max core file size"] == "0"
        return none and found["Max address space"] == f"{draw_pages.MEMORY_BYTES}"

    await _until(limited)  # one after the other, as a process does it
    drawer.close()
    assert spare.returncode is not None


# Hostile files


async def test_a_signed_page_that_inflates_to_500_megabytes_costs_one_process(drawer: PageDrawer) -> None:
    bomb = sign_pdf(changed(plain_pdf(), swollen(500)), SIGNER)
    with pytest.raises(DocumentError) as caught:
        await drawn(drawer, bomb)
    assert (caught.value.kind, caught.value.reason) == (NoticeKind.DAMAGED, "cannot-draw")
    assert (await drawn(drawer, sign_pdf(plain_pdf(), SIGNER), dpi=72)).pages == 1


async def test_a_process_that_died_while_it_waited_is_replaced(drawer: PageDrawer) -> None:
    drawer.warm_up()
    assert drawer._spare is not None
    drawer._spare.kill()
    await _until(lambda: drawer._spare is None or drawer._spare.poll() is not None)
    assert (await drawn(drawer, sign_pdf(plain_pdf(), SIGNER), dpi=72)).pages == 1


async def test_a_process_that_stands_still_is_given_up_and_ended() -> None:
    drawer = PageDrawer(within=0.3)
    drawer.warm_up()
    spare = drawer._spare
    assert spare is not None
    os.kill(spare.pid, 19)  # SIGSTOP
    with pytest.raises(DocumentError, match="cannot-draw"):
        await drawn(drawer, sign_pdf(plain_pdf(), SIGNER))
    assert spare.returncode is not None
    drawer.close()


async def test_an_attempt_that_is_given_up_leaves_no_process() -> None:
    drawer = PageDrawer()
    drawer.warm_up()
    spare = drawer._spare
    assert spare is not None
    os.kill(spare.pid, 19)  # SIGSTOP
    asking = asyncio.create_task(drawn(drawer, sign_pdf(plain_pdf(), SIGNER)))
    await _until(lambda: drawer._spare is not spare)
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await _until(lambda: spare.poll() is not None)
    drawer.close()


async def test_several_at_once(drawer: PageDrawer) -> None:
    signed = sign_pdf(plain_pdf(), SIGNER)
    both = await asyncio.gather(drawn(drawer, signed, dpi=72), drawn(drawer, signed, dpi=100))
    assert [pictures_of(one.document)[0].size for one in both] == [(595, 842), (827, 1169)]


async def test_nothing_of_a_document_is_left_in_a_file(
    drawer: PageDrawer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    folders = [tmp_path, Path("/tmp"), Path("/dev/shm"), Path.cwd()]
    before = {path for folder in folders for path in folder.iterdir()}
    await drawn(drawer, sign_pdf(plain_pdf(), SIGNER))
    fresh = [path for folder in folders for path in folder.iterdir() if path not in before and path.is_file()]
    # Other programs write into these folders too: what counts is a document.
    assert [path for path in fresh if b"%PDF" in path.read_bytes()[:1024]] == []
    assert list(tmp_path.iterdir()) == []


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.02)
