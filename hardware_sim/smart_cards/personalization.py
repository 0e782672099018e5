"""What the Dinas' key store says to a blank's chip: the other end of ``POST /v1/attempts/{id}/personalization``.

Pure, without state of its own, so that a repeated step gets the same answer and a restarted Dinas goes on::

    content = ChipContent(photo=jpeg, fields={"nik": ..., "nama": ...})  # fields as in CardContent of the contract
    step = next_step(content, atr, answers)  # answers: one list of hex strings for each step posted so far

The first post (step 0: the ATR, no responses) is ``[[]]``, the next ``[[], ["9000", ...]]``, and so on: keep the lists
with the attempt, append what is posted, ask again. The result has what the contract's answer has: ``done``, ``ok``
(None until done) and ``commands`` (hex strings). The kiosk stops at an answer other than 9000 and posts the answers so
far; then the conversation ends with ``ok`` false.

The order on the chip is such that a card pulled out in the middle is never taken for a finished one: the length of the
photo is written after the photo, and the life cycle byte last of all.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from drivers.card_reader.frames import (
    CHALLENGE_LENGTH,
    CONTROL_LENGTH,
    LONGEST_OFFSET,
    PHOTO_HEAD_LENGTH,
    PHOTO_LENGTH_BYTES,
    Answer,
    Command,
    FileId,
    FrameError,
    external_authenticate,
    get_challenge,
    read_binary,
    select,
    update_binary,
)
from hardware_sim.smart_cards.keys import cryptogram

CHUNK = 200  # bytes of one UPDATE BINARY
LONGEST_PHOTO = LONGEST_OFFSET - PHOTO_LENGTH_BYTES

# Life cycle byte of the simulated card control file, after its length prefix of 2 bytes and the serial of 16.
LIFE_CYCLE_OFFSET = 18
BLANK = b"\x00"
PERSONALIZED = b"\x01"

# Places in the delimited text of the biodata file, by index.
BIODATA_ORDER = (
    "nik",
    "alamat",
    "rt",
    "rw",
    "tempat_lahir",
    "kecamatan",
    "kel_desa",
    "kabupaten",
    "jenis_kelamin",
    "gol_darah",
    "agama",
    "status_perkawinan",
    "pekerjaan",
    "nama",
    "tanggal_lahir",
    "provinsi",
    "berlaku_hingga",
    "tanggal_terbit",
    "kota_terbit",
    "kewarganegaraan",
)


@dataclass(frozen=True)
class ChipContent:
    """What belongs on the chip: the photo as JPEG (at most 32 kB), and the fields of the card."""

    photo: bytes
    fields: Mapping[str, str]

    def __post_init__(self) -> None:
        if not 0 < len(self.photo) <= LONGEST_PHOTO:
            raise ValueError(f"a photo of {len(self.photo)} bytes does not fit on the chip (1 to {LONGEST_PHOTO})")


@dataclass(frozen=True)
class Step:
    """The next commands for the chip as hex strings, or the end."""

    commands: tuple[str, ...] = ()
    done: bool = False
    ok: bool | None = None


Conversation = Generator[Sequence[Command], Sequence[Answer], bool]


def next_step(content: ChipContent, atr: str, answers: Sequence[Sequence[str]]) -> Step:
    """What comes after these answers of the chip. Raises ValueError when there is no such step."""
    if not answers or answers[0]:
        raise ValueError("step 0 posts the ATR and no responses")
    conversation = _personalize(content)
    try:
        bytes.fromhex(atr)
        commands = next(conversation)
        for posted in answers[1:]:
            heard = [Answer.from_bytes(bytes.fromhex(answer)) for answer in posted]
            if len(heard) != len(commands) or not all(answer.ok for answer in heard):
                return Step(done=True, ok=False)
            commands = conversation.send(heard)
    except StopIteration as end:
        return Step(done=True, ok=end.value)
    except FrameError:
        return Step(done=True, ok=False)
    return Step(commands=tuple(command.to_bytes().hex().upper() for command in commands))


def biodata_text(fields: Mapping[str, str]) -> bytes:
    """The biodata file's content: length of 2 bytes, then the fields in quotes, parted by commas."""
    rt, _, rw = fields.get("rt_rw", "").partition("/")
    values = {**fields, "rt": rt.strip(), "rw": rw.strip()}
    text = ",".join('"' + values.get(key, "").replace('"', "'") + '"' for key in BIODATA_ORDER).encode()
    return len(text).to_bytes(2, "big") + text


def _personalize(content: ChipContent) -> Conversation:
    """The conversation: is it a blank of ours, open it, write, read back, close."""
    answers = yield [
        select(FileId.KTP_EL),
        select(FileId.CONTROL),
        read_binary(0, CONTROL_LENGTH),
        get_challenge(),
    ]
    control, challenge = answers[2].data, answers[3].data
    if control[LIFE_CYCLE_OFFSET : LIFE_CYCLE_OFFSET + 1] != BLANK or len(challenge) != CHALLENGE_LENGTH:
        return False
    biodata = biodata_text(content.fields)
    length = len(content.photo).to_bytes(PHOTO_LENGTH_BYTES, "big")
    yield [
        external_authenticate(cryptogram(challenge)),
        select(FileId.BIODATA),
        *_writes(0, biodata),
        select(FileId.PHOTO),
        *_writes(PHOTO_LENGTH_BYTES, content.photo),
        update_binary(0, length),
    ]
    answers = yield [
        select(FileId.PHOTO),
        read_binary(0, PHOTO_HEAD_LENGTH),
        select(FileId.BIODATA),
        read_binary(0, min(len(biodata), 255)),
    ]
    if not (length + content.photo).startswith(answers[1].data) or not biodata.startswith(answers[3].data):
        return False
    yield [select(FileId.CONTROL), update_binary(LIFE_CYCLE_OFFSET, PERSONALIZED)]
    return True


def _writes(offset: int, data: bytes) -> list[Command]:
    return [update_binary(offset + at, data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)]
