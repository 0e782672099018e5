"""The chips: what a card holds and answers, without any wire.

The KTP-el blank has the files and access rules of a KTP-el: the photo can be read by anyone, everything else only after
EXTERNAL AUTHENTICATE; nothing can be written without it, and nothing at all once the card is personalized.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import os
from typing import Protocol

from drivers.card_reader.frames import (
    AUTHENTICATION_LENGTH,
    CHALLENGE_LENGTH,
    CONTROL_LENGTH,
    LONGEST_OFFSET,
    PHOTO_LENGTH_BYTES,
    SIGNATURE_LENGTH,
    Answer,
    Command,
    FileId,
    FrameError,
    Instruction,
    photo_length,
)
from hardware_sim.smart_cards import keys
from hardware_sim.smart_cards.personalization import LIFE_CYCLE_OFFSET, PERSONALIZED

# Status words of ISO 7816-4.
OK = 0x9000
WRONG_LENGTH = 0x6700
SECURITY_NOT_SATISFIED = 0x6982
CONDITIONS_NOT_SATISFIED = 0x6985
NO_CURRENT_FILE = 0x6986
AUTHENTICATION_FAILED = 0x6300
FILE_NOT_FOUND = 0x6A82
OUTSIDE_FILE = 0x6B00
NO_SUCH_INSTRUCTION = 0x6D00
END_OF_FILE = 0x6282

# T=1, contactless form of PC/SC part 3; the historical bytes say only what this is.
KTP_EL_ATR = b"\x3b\x88\x80\x01SPESIMEN"
FOREIGN_ATR = b"\x3b\x89\x80\x01KARTULAIN"

SIZES = {
    FileId.CONTROL: CONTROL_LENGTH,
    FileId.BIODATA: 2048,
    FileId.PHOTO: LONGEST_OFFSET,
    FileId.SIGNATURE_IMAGE: 2048,
    FileId.MINUTIAE_1: 1024,
    FileId.MINUTIAE_2: 1024,
    FileId.DIGITAL_SIGNATURE: SIGNATURE_LENGTH,
}


def with_check_byte(atr: bytes) -> bytes:
    """An ATR with the byte at its end that makes the XOR of all but the first zero (ISO 7816-3, TCK)."""
    return atr + bytes((functools.reduce(operator.xor, atr[1:]),))


class Chip(Protocol):
    """A chip as the virtual reader sees it."""

    serial: str
    kind: str
    atr: bytes

    def reset(self) -> None:
        """Power or reset: forget the selected file and the authentication."""

    def transmit(self, frame: bytes) -> bytes:
        """Answer one APDU."""

    def describe(self) -> dict[str, object]:
        """What tests want to know, as JSON."""


class KtpElChip:
    """The chip of a KTP-el: a blank, until it is personalized."""

    kind = "ktp-el"
    atr = with_check_byte(KTP_EL_ATR)

    def __init__(self, serial: str) -> None:
        self.serial = serial
        self._files = {file_id: bytearray(size) for file_id, size in SIZES.items()}
        control = (CONTROL_LENGTH - 2).to_bytes(2, "big") + serial.encode()[:16].ljust(16, b"\x00")
        self._files[FileId.CONTROL][: len(control)] = control
        self.reset()

    def reset(self) -> None:
        self._in_application = False
        self._selected: FileId | None = None
        self._challenge: bytes | None = None
        self._authenticated = False

    @property
    def personalized(self) -> bool:
        return self._files[FileId.CONTROL][LIFE_CYCLE_OFFSET : LIFE_CYCLE_OFFSET + 1] == PERSONALIZED

    @property
    def photo(self) -> bytes:
        file = bytes(self._files[FileId.PHOTO])
        return file[PHOTO_LENGTH_BYTES : PHOTO_LENGTH_BYTES + photo_length(file)]

    def put_photo(self, jpeg: bytes) -> None:
        """Put a photo on the chip past all access rules: the hand of a test."""
        if len(jpeg) + PHOTO_LENGTH_BYTES > LONGEST_OFFSET:
            raise ValueError(f"a photo of {len(jpeg)} bytes does not fit on the chip")
        content = len(jpeg).to_bytes(PHOTO_LENGTH_BYTES, "big") + jpeg
        self._files[FileId.PHOTO][: len(content)] = content

    def describe(self) -> dict[str, object]:
        biodata = self._files[FileId.BIODATA]
        length = int.from_bytes(biodata[:2], "big")
        return {
            "serial": self.serial,
            "kind": self.kind,
            "personalized": self.personalized,
            "photo_sha256": hashlib.sha256(self.photo).hexdigest() if self.photo else None,
            "biodata": biodata[2 : 2 + length].decode(errors="replace"),
        }

    def transmit(self, frame: bytes) -> bytes:
        try:
            command = Command.from_bytes(frame)
        except FrameError:
            return Answer(b"", WRONG_LENGTH).to_bytes()
        if command.cla == 0xFF and command.ins == Instruction.GET_DATA:
            return Answer(hashlib.sha256(self.serial.encode()).digest()[:7], OK).to_bytes()
        answers = {
            Instruction.SELECT: self._select,
            Instruction.READ_BINARY: self._read,
            Instruction.UPDATE_BINARY: self._update,
            Instruction.GET_CHALLENGE: self._get_challenge,
            Instruction.EXTERNAL_AUTHENTICATE: self._external_authenticate,
        }
        for instruction, answer in answers.items():
            if command.cla == 0x00 and command.ins == instruction:
                return answer(command).to_bytes()
        return Answer(b"", NO_SUCH_INSTRUCTION).to_bytes()

    def _select(self, command: Command) -> Answer:
        file_id = int.from_bytes(command.data, "big")
        if file_id == FileId.KTP_EL:
            self._in_application, self._selected = True, None
            return Answer(b"", OK)
        if not self._in_application or file_id not in SIZES:
            return Answer(b"", FILE_NOT_FOUND)
        self._selected = FileId(file_id)
        return Answer(b"", OK)

    def _read(self, command: Command) -> Answer:
        if self._selected is None:
            return Answer(b"", NO_CURRENT_FILE)
        if self._selected not in (FileId.PHOTO, FileId.CONTROL) and not self._authenticated:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        file = self._files[self._selected]
        if command.offset >= len(file):
            return Answer(b"", OUTSIDE_FILE)
        wanted = command.le or 256
        data = bytes(file[command.offset : command.offset + wanted])
        return Answer(data, OK if len(data) == wanted else END_OF_FILE)

    def _update(self, command: Command) -> Answer:
        if self._selected is None:
            return Answer(b"", NO_CURRENT_FILE)
        if not self._authenticated:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        if self.personalized:
            return Answer(b"", CONDITIONS_NOT_SATISFIED)
        file = self._files[self._selected]
        if command.offset + len(command.data) > len(file):
            return Answer(b"", OUTSIDE_FILE)
        file[command.offset : command.offset + len(command.data)] = command.data
        return Answer(b"", OK)

    def _get_challenge(self, command: Command) -> Answer:
        if command.le != CHALLENGE_LENGTH:
            return Answer(b"", WRONG_LENGTH)
        self._challenge = os.urandom(CHALLENGE_LENGTH)
        return Answer(self._challenge, OK)

    def _external_authenticate(self, command: Command) -> Answer:
        challenge, self._challenge = self._challenge, None  # each challenge opens once
        if challenge is None:
            return Answer(b"", CONDITIONS_NOT_SATISFIED)
        if len(command.data) != AUTHENTICATION_LENGTH:
            return Answer(b"", WRONG_LENGTH)
        if not keys.opens(challenge, command.data):
            return Answer(b"", AUTHENTICATION_FAILED)
        self._authenticated = True
        return Answer(b"", OK)


class ForeignChip:
    """Some other card, a bank card perhaps: it answers, and knows nothing of KTP-el."""

    kind = "foreign"
    atr = with_check_byte(FOREIGN_ATR)

    def __init__(self, serial: str) -> None:
        self.serial = serial

    def reset(self) -> None:
        pass

    def transmit(self, frame: bytes) -> bytes:
        known = len(frame) >= 2 and frame[1] == Instruction.SELECT
        return Answer(b"", FILE_NOT_FOUND if known else NO_SUCH_INSTRUCTION).to_bytes()

    def describe(self) -> dict[str, object]:
        return {"serial": self.serial, "kind": self.kind}
