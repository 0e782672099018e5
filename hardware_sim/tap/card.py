"""A real card in a real reader, read once through the tap: with it a chip that only one desk has is met in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from smartcard.CardConnection import CardConnection
from smartcard.Exceptions import SmartcardException
from smartcard.pcsc.PCSCExceptions import BaseSCardException
from smartcard.System import readers

from drivers.card_reader.frames import (
    LARGEST_SHORT_DATA,
    PHOTO_HEAD_LENGTH,
    PHOTO_LENGTH_BYTES,
    Answer,
    Command,
    FileId,
    photo_length,
    read_binary,
    select,
)
from hardware_sim.tap.apdu import ExchangeTap
from hardware_sim.tap.recording import Recorder, header

Exchange = Callable[[bytes], bytes]
PCSC_ERRORS = (SmartcardException, BaseSCardException)  # the library has two families


class NoCardError(Exception):
    """The reader or a card in it cannot be had; the text is a sentence for a technician."""


def record_card(reader: str, out: Path, commands: Sequence[bytes], *, content: bool) -> int:
    """Send the commands to the card, or read a KTP-el's photo when there are none; answers how many were sent.

    ``reader``: its PC/SC name, the beginning is enough. Raises NoCardError.
    """
    try:
        there = readers()  # type: ignore[no-untyped-call]  # pyscard is typed in part
        found = next((each for each in there if str(each).startswith(reader)), None)
        if found is None:
            raise NoCardError(f"{reader}: no such reader; there are: {', '.join(map(str, there)) or 'none'}")
        connection = found.createConnection()
        connection.connect()
    except PCSC_ERRORS as error:
        raise NoCardError(f"{reader}: no card that answers ({error}); put one on the reader and try again") from error
    atr = bytes(connection.getATR()).hex()
    recorder = Recorder(out, header("pcsc", str(found), "apdu", content=content, atr=atr))
    exchange = ExchangeTap(recorder).around(_exchange(connection))
    try:
        if not commands:
            return _read_photo(exchange)
        for command in commands:
            exchange(command)
        return len(commands)
    except PCSC_ERRORS as error:
        raise NoCardError(f"{reader}: the card went away ({error}); {out} has what was said before") from error
    finally:
        recorder.close()
        connection.disconnect()


def _exchange(connection: CardConnection) -> Exchange:
    def exchange(frame: bytes) -> bytes:
        data, sw1, sw2 = connection.transmit(list(frame))  # type: ignore[no-untyped-call]  # as above
        return bytes([*data, sw1, sw2])

    return exchange


def _read_photo(exchange: Exchange) -> int:
    """Ask what the driver asks, up to the first refusal; answers how many commands that were."""
    sent = 0

    def send(command: Command) -> Answer:
        nonlocal sent
        sent += 1
        return Answer.from_bytes(exchange(command.to_bytes()))

    if not (send(select(FileId.KTP_EL)).ok and send(select(FileId.PHOTO)).ok):
        return sent
    head = send(read_binary(0, PHOTO_HEAD_LENGTH))
    read = len(head.data)
    total = PHOTO_LENGTH_BYTES + photo_length(head.data) if head.ok else 0
    while read < total:
        part = send(read_binary(read, min(LARGEST_SHORT_DATA, total - read)))
        if not part.ok or not part.data:
            break
        read += len(part.data)
    return sent
