"""Time that the test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeTime:
    """Wall time that goes on by a second at each look, and monotonic time that stands until it is moved."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.monotonic = 1000.0

    def now(self) -> datetime:
        self.wall += timedelta(seconds=1)
        return self.wall

    def clock(self) -> float:
        return self.monotonic
