"""How much a card printer may do before it must rest: pure, from the times at which cards were given to it.

Makers name a duty (so many cards in a row, so many a day); a print head that is driven beyond it does not last. The
ledger counts, and not the machine, so that a kiosk that was switched off in between still knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Duty:
    """The limits; 0 cards: no limit."""

    cards_before_rest: int = 0
    rest: timedelta = timedelta(minutes=10)
    cards_per_day: int = 0

    def rests_until(self, sent: Sequence[datetime], now: datetime) -> datetime | None:
        """When the printer takes cards again; None if now.

        Args:
            sent: when cards were given to the printer, oldest first, with time zones. Those later than ``now`` are
                passed over: the clock was set back, and nothing can be said of them.
            now: its own time zone is the one whose midnight ends the day.
        """
        past = [at for at in sent if at <= now]
        ends = [end for end in (self._after_a_row(past), self._after_a_day(past, now)) if end is not None and end > now]
        return max(ends, default=None)

    def _after_a_row(self, past: Sequence[datetime]) -> datetime | None:
        """A row ends with a pause that is as long as a rest, or with the rest itself."""
        if not self.cards_before_rest or not past:
            return None
        row = 0
        before: datetime | None = None
        for at in past:
            row = 1 if before is None or at - before >= self.rest else row + 1
            before = at
        return past[-1] + self.rest if row >= self.cards_before_rest else None

    def _after_a_day(self, past: Sequence[datetime], now: datetime) -> datetime | None:
        if not self.cards_per_day:
            return None
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if sum(at >= midnight for at in past) < self.cards_per_day:
            return None
        return midnight + timedelta(days=1)
