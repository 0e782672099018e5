"""The Dinas' side of writing a chip, against the simulated chip itself."""

from __future__ import annotations

import pytest

from drivers.card_reader.frames import (
    Answer,
    Command,
    FileId,
    external_authenticate,
    read_binary,
    select,
    update_binary,
)
from hardware_sim.smart_cards.chips import KtpElChip
from hardware_sim.smart_cards.keys import cryptogram
from hardware_sim.smart_cards.personalization import ChipContent, Step, biodata_text, next_step

PHOTO = bytes(range(256)) * 30
FIELDS = {"nik": "3523165502900001", "nama": 'SITI "SPESIMEN"', "rt_rw": "003/001", "agama": "ISLAM"}
CONTENT = ChipContent(PHOTO, FIELDS)


def relay(chip: KtpElChip, content: ChipContent = CONTENT, stop_after: int | None = None) -> Step:
    """Do what the kiosk does: post answers, send commands, stop at the first refusal."""
    chip.reset()
    answers: list[list[str]] = [[]]
    sent = 0
    while not (step := next_step(content, chip.atr.hex(), answers)).done:
        heard: list[str] = []
        for command in step.commands:
            if sent == stop_after:
                return step
            sent += 1
            heard.append(chip.transmit(bytes.fromhex(command)).hex())
            if not heard[-1].endswith("9000"):
                break
        answers.append(heard)
    return step


def say(chip: KtpElChip, command: Command) -> Answer:
    return Answer.from_bytes(chip.transmit(command.to_bytes()))


def test_a_blank_holds_photo_and_biodata_afterwards() -> None:
    chip = KtpElChip("B-0001")

    end = relay(chip)

    assert end == Step(done=True, ok=True)
    assert chip.personalized
    assert chip.photo == PHOTO
    assert str(chip.describe()["biodata"]).startswith('"3523165502900001","","003","001",')
    assert "SITI 'SPESIMEN'" in str(chip.describe()["biodata"])


def test_a_personalized_card_is_not_written_again() -> None:
    chip = KtpElChip("B-0002")
    relay(chip)

    end = relay(chip, ChipContent(b"another photo", FIELDS))

    assert end == Step(done=True, ok=False)
    assert chip.photo == PHOTO


def test_a_repeated_step_gets_the_same_answer() -> None:
    chip = KtpElChip("B-0003")
    first = next_step(CONTENT, chip.atr.hex(), [[]])
    heard = [chip.transmit(bytes.fromhex(c)).hex() for c in first.commands]

    assert next_step(CONTENT, chip.atr.hex(), [[], heard]) == next_step(CONTENT, chip.atr.hex(), [[], heard])


@pytest.mark.parametrize("stop_after", [0, 5, 20, 45])
def test_a_card_pulled_out_half_way_is_no_finished_card(stop_after: int) -> None:
    chip = KtpElChip("B-0004")

    relay(chip, stop_after=stop_after)

    assert not chip.personalized
    assert chip.photo in (b"", PHOTO)


def test_a_refusal_of_the_chip_ends_the_conversation_without_success() -> None:
    assert next_step(CONTENT, "3B00", [[], ["6A82"]]) == Step(done=True, ok=False)
    assert next_step(CONTENT, "3B00", [[], ["9000", "9000", "9000"]]) == Step(done=True, ok=False)
    assert next_step(CONTENT, "3B00", [[], []]) == Step(done=True, ok=False)


@pytest.mark.parametrize("answers", [[], [["9000"]]])
def test_a_conversation_begins_with_the_atr_alone(answers: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="step 0"):
        next_step(CONTENT, "3B00", answers)


def test_a_photo_too_large_for_the_chip_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        ChipContent(bytes(0x8000), FIELDS)


@pytest.mark.parametrize("file_id", [f for f in FileId if f not in (FileId.KTP_EL, FileId.PHOTO, FileId.CONTROL)])
def test_nothing_but_photo_and_control_is_read_without_authentication(file_id: FileId) -> None:
    chip = KtpElChip("B-0005")
    say(chip, select(FileId.KTP_EL))

    assert say(chip, select(file_id)).ok
    assert say(chip, read_binary(0, 16)).status == 0x6982


def test_nothing_is_written_without_authentication() -> None:
    chip = KtpElChip("B-0006")
    say(chip, select(FileId.KTP_EL))
    say(chip, select(FileId.PHOTO))

    assert say(chip, update_binary(0, b"\x00\x05hello")).status == 0x6982
    assert chip.photo == b""


def test_a_challenge_opens_once_and_a_reset_closes() -> None:
    chip = KtpElChip("B-0007")
    challenge = say(chip, Command(0, 0x84, le=8)).data
    answer = external_authenticate(cryptogram(challenge))

    assert say(chip, external_authenticate(bytes(40))).status == 0x6300
    assert say(chip, answer).status == 0x6985

    challenge = say(chip, Command(0, 0x84, le=8)).data
    assert say(chip, external_authenticate(cryptogram(challenge))).ok
    chip.reset()
    say(chip, select(FileId.KTP_EL))
    say(chip, select(FileId.BIODATA))
    assert say(chip, read_binary(0, 4)).status == 0x6982


def test_files_are_found_only_inside_the_application() -> None:
    chip = KtpElChip("B-0008")

    assert say(chip, select(FileId.PHOTO)).status == 0x6A82
    say(chip, select(FileId.KTP_EL))
    assert say(chip, select(0x6FFF)).status == 0x6A82


def test_biodata_has_its_length_before_it() -> None:
    text = biodata_text(FIELDS)

    assert int.from_bytes(text[:2], "big") == len(text) - 2
