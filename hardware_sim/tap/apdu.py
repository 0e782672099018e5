"""Smart cards: a tap around the exchange of APDUs, and a chip that answers what was recorded.

What a card gives is the person's: of an answer only the status word is kept, of a command only its head, but for the
names of files and the length of a photo, without which no reader can go on. A PIN is never kept, nor its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from drivers.card_reader.frames import PHOTO_HEAD_LENGTH, Answer, Command, FileId, FrameError, Instruction
from hardware_sim.tap.conversation import Conversation
from hardware_sim.tap.recording import Hidden, Recorder, Recording, Side, Symbol

SECRETS = frozenset({0x20, 0x24, 0x2C})  # VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (ISO 7816-4 11.5)
NOT_RECORDED = Answer(b"", 0x6F00).to_bytes()  # no precise diagnosis


class ApduVeil:
    """Both directions of one card; it follows which file is selected."""

    def __init__(self, *, content: bool) -> None:
        self._content = content
        self._selected = b""
        self._head_of_photo = False

    def command(self, frame: bytes) -> list[Symbol]:
        try:
            command = Command.from_bytes(frame)
        except FrameError:
            return [_hidden(frame)]
        if command.ins in SECRETS and command.data:
            return [*frame[:5], Hidden(len(command.data), "")]
        is_select = command.ins == Instruction.SELECT
        if is_select:
            self._selected = command.data
        self._head_of_photo = (
            command.ins == Instruction.READ_BINARY
            and self._selected == int(FileId.PHOTO).to_bytes(2, "big")
            and command.offset == 0
            and (command.le or 256) <= PHOTO_HEAD_LENGTH
        )
        if self._content or is_select or not command.data:
            return list(frame)
        rest = frame[5 + len(command.data) :]
        return [*frame[:5], _hidden(command.data), *rest]

    def answer(self, frame: bytes) -> list[Symbol]:
        data, status = frame[:-2], frame[-2:]
        if self._content or self._head_of_photo or not data:
            return list(frame)
        return [_hidden(data), *status]


class ExchangeTap:
    """Stands around a driver's exchange with the card in a reader, and writes down what passes."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._veil = ApduVeil(content=recorder.header.content)

    def around(self, exchange: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
        """The same exchange, recorded; its errors go through."""

        def recorded(command: bytes) -> bytes:
            self._recorder.note(Side.DRIVER, self._veil.command(command))
            answer = exchange(command)
            self._recorder.note(Side.DEVICE, self._veil.answer(answer))
            return answer

        return recorded


class ReplayedChip:
    """A chip for a slot of the simulated readers: answers recorded commands as recorded, zeros where content was."""

    kind = "replayed"

    def __init__(self, recording: Recording) -> None:
        self.serial = recording.header.device
        self.atr = bytes.fromhex(recording.header.atr or "")
        self._content = recording.header.content
        self.conversation = Conversation(recording)
        self.reset()

    def reset(self) -> None:
        """Power or reset: what the card said before may be asked again from the start."""
        self._veil = ApduVeil(content=self._content)
        self.conversation.begin_again()

    def transmit(self, frame: bytes) -> bytes:
        """The recorded answer; 6F00 to what was never asked."""
        turns = self.conversation.hear(self._veil.command(frame))
        self.conversation.silence()
        return b"".join(said.data for turn in turns for said in turn.answers) or NOT_RECORDED

    def describe(self) -> dict[str, object]:
        return {"serial": self.serial, "kind": self.kind, "differences": self.conversation.differences()}


def _hidden(data: bytes) -> Hidden:
    return Hidden(len(data), hashlib.sha256(data).hexdigest())
