"""APDUs as a contact card takes them: short and extended, in chains, with answers in pieces (ISO 7816-4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from drivers.card_reader.frames import Answer, Command, FrameError

OK = 0x9000
MORE_DATA = 0x6100  # the lower byte says how many, 0 for 256 or more
WRONG_LENGTH = 0x6700
LAST_OF_CHAIN_EXPECTED = 0x6883
CONDITIONS_NOT_SATISFIED = 0x6985

CHAINING = 0x10  # bit 5 of CLA: more of the same command follows
GET_RESPONSE = 0xC0
SHORT_LE = 256
EXTENDED_LE = 65536
LONGEST_CHAIN = 16 * 1024  # bytes; far beyond any object of a card


def parse(frame: bytes) -> Command:
    """A command of short or extended length. Raises FrameError."""
    if len(frame) < 7 or frame[4] != 0:
        return Command.from_bytes(frame)
    (cla, ins, p1, p2), body = frame[:4], frame[5:]
    length = int.from_bytes(body[:2], "big")
    if len(body) == 2:
        return Command(cla, ins, p1, p2, le=length or EXTENDED_LE)
    data, rest = body[2 : 2 + length], body[2 + length :]
    if len(data) < length or length == 0 or len(rest) not in (0, 2):
        raise FrameError(f"extended Lc {length} does not agree with {len(body) - 2} bytes after it")
    le = (int.from_bytes(rest, "big") or EXTENDED_LE) if rest else None
    return Command(cla, ins, p1, p2, data, le)


class Conversation:
    """Between the wire and a card: gathers chained commands, and gives long answers in pieces."""

    def __init__(self, answer: Callable[[Command], Answer]) -> None:
        self._card = answer
        self.reset()

    def reset(self) -> None:
        self._chain: Command | None = None
        self._owed = b""

    def transmit(self, frame: bytes) -> bytes:
        try:
            command = parse(frame)
        except FrameError:
            return Answer(b"", WRONG_LENGTH).to_bytes()
        return self._answer(command).to_bytes()

    def _answer(self, command: Command) -> Answer:
        if command.ins == GET_RESPONSE and self._chain is None:
            return self._piece(command) if self._owed else Answer(b"", CONDITIONS_NOT_SATISFIED)
        self._owed = b""
        last = not command.cla & CHAINING
        command = replace(command, cla=command.cla & ~CHAINING)
        begun, self._chain = self._chain, None
        if begun is not None:
            if (begun.ins, begun.p1, begun.p2) != (command.ins, command.p1, command.p2):
                return Answer(b"", LAST_OF_CHAIN_EXPECTED)
            command = replace(command, data=begun.data + command.data)
        if len(command.data) > LONGEST_CHAIN:
            return Answer(b"", WRONG_LENGTH)
        if not last:
            self._chain = command
            return Answer(b"", OK)
        answer = self._card(command)
        if len(answer.data) <= (command.le or SHORT_LE):
            return answer
        self._owed = answer.data
        return self._piece(command)

    def _piece(self, command: Command) -> Answer:
        """The next bytes of what is owed, with how many are left."""
        length = command.le or SHORT_LE
        piece, self._owed = self._owed[:length], self._owed[length:]
        left = len(self._owed)
        return Answer(piece, MORE_DATA | (left if left < SHORT_LE else 0) if left else OK)
