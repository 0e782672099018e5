"""A ledger's thread that is none, and that can die at any call: its process ends there.

Under the loop of tests/model/virtual_time.py days take seconds, and every run of a seed takes the same turns.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


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
