"""The socket between engine and screen."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk.engine.screen_link import ScreenLink
from kiosk.protocol import Finish, HowToView, Said, Show, decode_show, encode

SHOW = Show(page=1, site="Tuban", view=HowToView())


class Link:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: asyncio.Queue[Said] = asyncio.Queue()
        self.link = ScreenLink(path, self.said.put_nowait)


@pytest.fixture
async def link(tmp_path: Path) -> AsyncIterator[Link]:
    made = Link(tmp_path / "screen.sock")
    await made.link.start()
    yield made
    await made.link.close()


async def test_a_screen_that_connects_gets_what_is_shown_now(link: Link) -> None:
    link.link.show(SHOW)
    reader, writer = await asyncio.open_unix_connection(link.path)

    assert decode_show(await reader.readline()) == SHOW
    writer.close()


async def test_what_the_screen_says_arrives(link: Link) -> None:
    _, writer = await asyncio.open_unix_connection(link.path)
    writer.write(encode(Said(1, Finish())))

    assert await asyncio.wait_for(link.said.get(), 5) == Said(1, Finish())
    writer.close()


async def test_a_new_screen_takes_over(link: Link) -> None:
    link.link.show(SHOW)
    old, old_writer = await asyncio.open_unix_connection(link.path)
    await old.readline()
    new, writer = await asyncio.open_unix_connection(link.path)
    await new.readline()
    link.link.show(Show(2, "Tuban", HowToView()))

    assert decode_show(await new.readline()).page == 2
    assert await old.read() == b""
    old_writer.close()
    writer.close()


async def test_a_second_engine_does_not_take_the_screen_away(link: Link) -> None:
    reader, writer = await asyncio.open_unix_connection(link.path)
    second = ScreenLink(link.path, link.said.put_nowait)
    with pytest.raises(OSError, match="another engine"):
        await second.start()

    link.link.show(SHOW)
    assert decode_show(await asyncio.wait_for(reader.readline(), 5)) == SHOW
    writer.close()


async def test_a_socket_that_a_killed_engine_left_behind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "screen.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    link = ScreenLink(path, lambda _: None)
    await link.start()

    assert path.is_socket()
    await link.close()


@pytest.mark.parametrize("line", [b"{}\n", b"garbage\n", b"x" * 100_000 + b"\n"])
async def test_a_screen_that_says_what_is_not_in_the_protocol_is_cut_off(link: Link, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(link.path)
    writer.write(line)

    assert await asyncio.wait_for(reader.read(), 5) == b""
    assert link.said.empty()
    writer.close()
