"""Draws the pages of a checked PDF in a short-lived process with limits: what is printed is what was checked."""

from __future__ import annotations

import asyncio
import sys

from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

DRAWN_WITHIN_S = 30.0


async def draw_pages(pdf: bytes, *, dpi: int, pages: int) -> bytes:
    """A PDF of pictures, a page of A4 each. The plain PDF goes through a pipe and never onto a disk.

    Raises DocumentError cannot-draw when the process dies, takes too long, or draws nothing.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "kiosk.documents.draw_pages",
        str(dpi),
        str(pages),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
    )
    try:
        async with asyncio.timeout(DRAWN_WITHIN_S):
            drawn, _ = await process.communicate(pdf)
    except TimeoutError:
        raise DocumentError(NoticeKind.DAMAGED, "cannot-draw") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not drawn.startswith(b"%PDF-"):
        raise DocumentError(NoticeKind.DAMAGED, "cannot-draw")
    return drawn
