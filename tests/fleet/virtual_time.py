"""An event loop whose time jumps to the next timer, and a ledger's thread that is none and can die at any call.

So the product's own coroutines run in virtual time, days in seconds, and every run of a seed takes the same turns.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` is virtual seconds since its beginning."""

    def __init__(self) -> None:
        self._virtual = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._virtual

    def jump(self, seconds: float) -> None:
        self._virtual += seconds


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: the time that a loop would sleep has passed at once."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("nobody waits for a time, and nothing else ever comes")
        if timeout > 0:
            self._loop.jump(timeout)
        return []


class Killed(BaseException):
    """The process is gone. No ``except Exception`` of the product sees it."""


@dataclass
class Fuse:
    """When a process dies: at so many calls of its ledger from now, before or after what the call does."""

    left: int | None = None  # None: never
    before: bool = True

    def burn(self, *, before: bool) -> None:
        if self.left is None or before is not self.before:
            return
        if self.left <= 0:
            raise Killed
        self.left -= 1


FUSE: ContextVar[Fuse] = ContextVar("fuse")


class SameThread:
    """In place of drivers.owner.OwnerThread: the call is done here and now."""

    overdue = False

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self) -> None:
        """There is nothing to start."""

    async def call(self, call: Callable[[], T], *, within: float) -> T:  # as the owner thread has it
        fuse = FUSE.get()
        fuse.burn(before=True)
        result = call()
        fuse.burn(before=False)
        return result

    async def close(self, *, within: float = 5.0) -> None:
        """There is nothing to end."""
