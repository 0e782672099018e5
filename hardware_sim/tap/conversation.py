"""A recording as turns: what the driver said, and what the device answered. Pure: no lines, no clock.

A driver that is played a recording says nearly the same: it asks in another order, once more or once less, and its
receipts bear another date. So the next turn is looked for where the recording stands, then further on, then before.
Runs of content are taken for each other, and the difference is told at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hardware_sim.tap.recording import Chunk, Hidden, Recording, Side, Symbol, parts_of

MOST_REMARKS = 20  # told one by one; the rest are counted


@dataclass(frozen=True)
class Said:
    """Bytes of the device, and how many seconds after the driver's last word they came."""

    data: bytes
    after_s: float
    closes: bool = False


@dataclass
class Turn:
    """What the driver said, and what the device answered; ``said`` is empty before the first word of the driver."""

    said: list[Symbol]
    said_at: float
    answers: list[Said] = field(default_factory=list)
    heard: int = 0  # how often the driver said it in this replay


class Conversation:
    """Where a replay stands in its recording."""

    def __init__(self, recording: Recording) -> None:
        self.turns = list(_turns(recording.chunks))
        self._next = 0
        self._buffer: list[Symbol] = []
        self._remarks: list[str] = []
        self._more_remarks = 0

    @property
    def greeting(self) -> Turn | None:
        """What the device says by itself at the beginning."""
        return self.turns[0] if self.turns and not self.turns[0].said else None

    def begin_again(self) -> None:
        """The recording stands at its beginning again."""
        self._next = 0
        self._buffer.clear()

    def hear(self, symbols: Sequence[Symbol]) -> list[Turn]:
        """The driver says something; answers the turns that are whole with it, in order."""
        self._buffer += symbols
        done = []
        while self._buffer and (number := self._find(whole=True)) is not None:
            turn = self.turns[number]
            self._compare(turn, number)
            del self._buffer[: len(turn.said)]
            turn.heard += 1
            self._next = number + 1
            done.append(turn)
        return done

    def silence(self) -> None:
        """The driver says no more for now: what it has begun to say was never recorded."""
        if self._buffer:
            self._remark(f"said what was not recorded: {_short(self._buffer)}")
            self._buffer.clear()

    @property
    def waiting(self) -> bool:
        """Whether the driver has begun to say something that can still become a recorded turn."""
        return bool(self._buffer) and self._find(whole=False) is not None

    def differences(self) -> list[str]:
        """What was other than in the recording, one sentence each; empty when all was the same."""
        missed = [turn for turn in self.turns if turn.said and not turn.heard]
        found = list(self._remarks)
        if self._more_remarks:
            found.append(f"and {self._more_remarks} more of that kind")
        if missed:
            found.append(
                f"never said {len(missed)} of {len(self.turns)} recorded turns; first {_short(missed[0].said)}"
            )
        return found

    def _find(self, *, whole: bool) -> int | None:
        """The number of the turn that the buffer begins with (or, not whole, is the beginning of)."""
        # Backwards from here: the last answer to a question that is asked for ever.
        order: list[int] = [*range(self._next, len(self.turns)), *range(self._next - 1, -1, -1)]
        for number in order:
            said = self.turns[number].said
            length = len(said) if whole else min(len(said), len(self._buffer))
            if said and length <= len(self._buffer) and all(map(_same, said[:length], self._buffer[:length])):
                return number
        return None

    def _compare(self, turn: Turn, number: int) -> None:
        if number > self._next and any(not turn.heard for turn in self.turns[self._next : number] if turn.said):
            self._remark(f"skipped {number - self._next} turns before {_short(turn.said)}")
        if number == self._next:
            for recorded, heard in zip(turn.said, self._buffer, strict=False):
                if recorded != heard:
                    self._remark(f"other content: recorded {_short([recorded])}, said {_short([heard])}")

    def _remark(self, remark: str) -> None:
        if len(self._remarks) < MOST_REMARKS:
            self._remarks.append(remark)
        else:
            self._more_remarks += 1


def _same(recorded: Symbol, heard: Symbol) -> bool:
    return recorded == heard or (isinstance(recorded, Hidden) and isinstance(heard, Hidden))


def _turns(chunks: Sequence[Chunk]) -> Iterator[Turn]:
    """Turns of all connections, in the order in which their questions began."""
    open_turns: dict[int, Turn] = {}
    for chunk in chunks:
        turn = open_turns.get(chunk.line)
        if turn is None or (chunk.side is Side.DRIVER and chunk.symbols and turn.answers):
            if turn is not None:
                yield turn
            turn = open_turns[chunk.line] = Turn([], chunk.t)
        if chunk.side is Side.DRIVER:
            turn.said += chunk.symbols
            turn.said_at = chunk.t if chunk.symbols else turn.said_at
        else:
            turn.answers.append(Said(_bytes(chunk.symbols), chunk.t - turn.said_at, chunk.closed))
    yield from open_turns.values()


def _bytes(symbols: Sequence[Symbol]) -> bytes:
    """What the device said, with zeros where content was."""
    return b"".join(bytes(each.length) if isinstance(each, Hidden) else bytes((each,)) for each in symbols)


def _short(symbols: Sequence[Symbol]) -> str:
    return " ".join(
        f"<{part.length} bytes {part.sha256[:8]}>" if isinstance(part, Hidden) else part[:40]
        for part in parts_of(symbols)[:4]
    )
