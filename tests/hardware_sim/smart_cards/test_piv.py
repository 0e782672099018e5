"""The staff card's answers, command by command (NIST SP 800-73-4), without a reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_reader.frames import Answer, FrameError
from hardware_sim.smart_cards.apdu import parse
from hardware_sim.smart_cards.piv import PivChip
from hardware_sim.smart_cards.piv_keys import FACTORY_MANAGEMENT_KEY, PrivateKey
from hardware_sim.smart_cards.piv_objects import CERTIFICATES, FULL_AID, TlvError, parts, tlv

DIGEST = bytes(range(32))
PIN = b"123456\xff\xff"
WRONG = b"654321\xff\xff"
PUK = b"12345678"


class Card:
    """A card with a hand at its contacts."""

    def __init__(self, chip: PivChip) -> None:
        self.chip = chip

    def send(self, head: str, data: bytes = b"", le: str = "") -> Answer:
        frame = bytes.fromhex(head) + (bytes((len(data),)) + data if data else b"") + bytes.fromhex(le)
        return Answer.from_bytes(self.chip.transmit(frame))

    def status(self, head: str, data: bytes = b"", le: str = "") -> str:
        return f"{self.send(head, data, le).status:04X}"

    def verify(self, pin: bytes = PIN) -> str:
        return self.status("00200080", pin)

    def sign(self, reference: int, algorithm: int = 0x11) -> Answer:
        template = tlv(0x7C, tlv(0x82, b"") + tlv(0x81, DIGEST))
        return self.send(f"0087{algorithm:02X}{reference:02X}", template, "00")

    def manage(self, key: bytes = FACTORY_MANAGEMENT_KEY, algorithm: int = 0x03) -> str:
        asked = self.send(f"0087{algorithm:02X}9B", bytes.fromhex("7C028100"), "00")
        challenge = asked.data[4:]
        encryptor = Cipher(TripleDES(key) if algorithm == 0x03 else AES(key), modes.ECB()).encryptor()
        return self.status(f"0087{algorithm:02X}9B", tlv(0x7C, tlv(0x82, encryptor.update(challenge))))

    def put(self, tag: str, content: bytes) -> str:
        return self.status("00DB3FFF", tlv(0x5C, bytes.fromhex(tag)) + tlv(0x53, content))

    def get(self, tag: str) -> Answer:
        """As long as it is, with an extended length."""
        data = tlv(0x5C, bytes.fromhex(tag))
        frame = bytes.fromhex("00CB3FFF") + b"\x00" + len(data).to_bytes(2, "big") + data + b"\x00\x00"
        return Answer.from_bytes(self.chip.transmit(frame))


@pytest.fixture
def person(make_staff: Callable[[str], Any]) -> Any:
    return make_staff("Petugas Kartu SPESIMEN")


@pytest.fixture
def card(person: Any) -> Card:
    chip = PivChip("unit")
    for reference in CERTIFICATES:
        chip.put_key(reference, person.key, person.certificate)
    return Card(chip)


def test_select_takes_the_aid_or_its_beginning_and_no_other(card: Card) -> None:
    for length in (5, 9, 11):
        answer = card.send("00A40400", FULL_AID[:length], "00")
        assert answer.ok
        assert dict(parts(answer.data))[0x61].startswith(b"\x4f\x06" + FULL_AID[5:])
    assert card.status("00A40400", FULL_AID[:9] + b"\x07") == "6A82"
    assert card.status("00A40400", bytes.fromhex("A000000079")) == "6A82"
    assert card.status("00A40000", bytes.fromhex("7F0A")) == "6A82"


def test_another_application_does_not_take_the_rights_away(card: Card) -> None:
    card.verify()
    card.send("00A40400", bytes.fromhex("A000000079"))
    card.send("00A40400", FULL_AID)
    assert card.status("00200080") == "9000"

    card.chip.reset()
    assert card.status("00200080") == "63C3"


READABLE = ("5FC102", "5FC107", "7E", "5FC10C", "5FC105", "5FC10A", "5FC10B", "5FC101")
NOT_READABLE = {"5FC10D": "6A82", "5FC109": "6982", "5FC103": "6982"}


@pytest.mark.parametrize(("tag", "status"), [*((tag, "9000") for tag in READABLE), *NOT_READABLE.items()])
def test_objects_are_read_by_their_tags(card: Card, tag: str, status: str) -> None:
    assert f"{card.get(tag).status:04X}" == status


def test_objects_behind_the_pin_open_with_it(card: Card) -> None:
    card.manage()
    assert card.put("5FC109", b"printed") == "9000"
    assert card.get("5FC109").status == 0x6982
    card.verify()
    assert card.get("5FC109").data == tlv(0x53, b"printed")


def test_a_certificate_comes_in_pieces_over_short_apdus_and_whole_over_extended_ones(card: Card, person: Any) -> None:
    whole = card.get("5FC105").data

    first = card.send("00CB3FFF", tlv(0x5C, bytes.fromhex("5FC105")), "00")
    assert (len(first.data), first.status) == (256, 0x6100 | (len(whole) - 256))
    rest = card.send("00C00000", le="00")
    assert rest.ok
    assert first.data + rest.data == whole
    assert card.status("00C00000", le="00") == "6985"

    der = dict(parts(dict(parts(whole))[0x53]))[0x70]
    assert x509.load_der_x509_certificate(der) == person.certificate


def test_the_rest_of_an_answer_is_gone_after_another_command(card: Card) -> None:
    assert card.send("00CB3FFF", tlv(0x5C, bytes.fromhex("5FC105")), "00").status >> 8 == 0x61
    card.status("00200080")
    assert card.status("00C00000", le="00") == "6985"


def test_a_long_object_is_written_in_a_chain(card: Card) -> None:
    card.manage()
    content = bytes(range(256)) * 3
    data = tlv(0x5C, bytes.fromhex("5FC105")) + tlv(0x53, content)
    for at in range(0, len(data), 255):
        last = at + 255 >= len(data)
        assert card.status("00DB3FFF" if last else "10DB3FFF", data[at : at + 255]) == "9000"

    assert card.get("5FC105").data == tlv(0x53, content)


def test_a_chain_that_another_command_breaks_into_is_given_up(card: Card) -> None:
    card.manage()
    assert card.status("10DB3FFF", tlv(0x5C, bytes.fromhex("5FC105"))) == "9000"
    assert card.status("00200080", PIN) == "6883"
    assert card.verify() == "9000"


def test_objects_are_written_only_with_the_management_key_and_go_when_emptied(card: Card) -> None:
    assert card.put("5FC10A", b"x") == "6982"
    assert card.manage(bytes(range(24))) == "6982"
    assert card.put("5FC10A", b"x") == "6982"
    assert card.manage() == "9000"
    assert card.put("5FC10A", b"") == "9000"
    assert card.get("5FC10A").status == 0x6A82
    assert card.put("7F61", b"x") == "6A80"


def test_an_answer_to_a_challenge_is_good_once(card: Card) -> None:
    asked = card.send("0087039B", bytes.fromhex("7C028100"), "00")
    encryptor = Cipher(TripleDES(FACTORY_MANAGEMENT_KEY), modes.ECB()).encryptor()
    answer = tlv(0x7C, tlv(0x82, encryptor.update(asked.data[4:])))

    assert card.status("0087039B", answer) == "9000"
    assert card.status("0087039B", answer) == "6982"
    assert card.put("5FC10A", b"x") == "6982"


def test_an_answer_to_a_challenge_is_none_to_a_witness(card: Card) -> None:
    asked = card.send("0087039B", bytes.fromhex("7C028100"), "00")
    encryptor = Cipher(TripleDES(FACTORY_MANAGEMENT_KEY), modes.ECB()).encryptor()
    answer = tlv(0x80, encryptor.update(asked.data[4:])) + tlv(0x81, bytes(8))

    assert card.status("0087039B", tlv(0x7C, answer)) == "6982"


def test_the_management_key_may_be_one_of_aes(card: Card) -> None:
    key = bytes(range(32))
    card.manage()
    assert card.status("00FFFFFF", bytes((0x0C, 0x9B, 32)) + key) == "9000"
    card.chip.reset()

    assert card.manage(key, 0x0C) == "9000"
    assert card.status("0087039B", bytes.fromhex("7C028100")) == "6A86"
    assert card.status("00FFFFFF", bytes((0x0C, 0x9B, 24)) + key[:24]) == "6A80"


def test_wrong_pins_run_out_and_a_right_one_brings_the_tries_back(card: Card) -> None:
    assert card.status("00200080") == "63C3"
    assert card.verify(WRONG) == "63C2"
    assert card.verify() == "9000"
    assert card.status("00200080") == "9000"
    assert [card.verify(WRONG), card.verify(WRONG), card.verify(WRONG)] == ["63C2", "63C1", "6983"]
    assert card.verify() == "6983"
    assert card.status("00200080") == "6983"
    assert card.sign(0x9A).status == 0x6982


@pytest.mark.parametrize(
    "pin", [b"123456", b"12345\xff\xff\xff", b"12345a\xff\xff", b"1234\xff56\xff", b"123456\xff\xff\xff"]
)
def test_a_pin_of_another_form_costs_no_try(card: Card, pin: bytes) -> None:
    assert card.verify(pin) == "6A80"
    assert card.status("00200080") == "63C3"


def test_the_right_can_be_given_back(card: Card) -> None:
    card.verify()
    assert card.status("0020FF80") == "9000"
    assert card.status("00200080") == "63C3"


def test_pin_and_puk_are_changed_with_the_old_one(card: Card) -> None:
    assert card.status("00240080", WRONG + b"24682468") == "63C2"
    assert card.status("00240080", PIN + b"2468\xff\xff\xff\xff") == "6A80"
    assert card.status("00240080", PIN + b"24682468") == "9000"
    assert card.verify(b"24682468") == "9000"
    assert card.status("00240081", PUK + b"87654321") == "9000"
    assert card.status("002C0080", PUK + PIN) == "63C2"
    assert card.status("002C0080", b"87654321" + PIN) == "9000"
    assert card.verify() == "9000"


def test_a_change_of_the_pin_is_a_verification(card: Card) -> None:
    assert card.status("00240080", PIN + b"24682468") == "9000"
    assert card.status("00200080") == "9000"
    assert card.status("00240080", WRONG + b"13571357") == "63C2"
    assert card.status("00200080") == "63C2"


def test_yubicos_way_of_giving_rights_back_takes_them_all(card: Card) -> None:
    card.verify()
    card.manage()
    assert card.status("00A40400", bytes.fromhex("A000000527471117")) == "9000"
    assert card.verify() == "6D00"
    card.send("00A40400", FULL_AID)
    assert card.status("00200080") == "63C3"
    assert card.put("5FC10A", b"x") == "6982"


def test_a_puk_runs_out_too(card: Card) -> None:
    tried = [card.status("002C0080", b"11111111" + PIN) for _ in range(4)]
    assert tried == ["63C2", "63C1", "6983", "6983"]
    assert card.status("002C0080", PUK + PIN) == "6983"


def test_each_key_signs_under_its_own_rule(card: Card, person: Any) -> None:
    """9A and 9D after the PIN, 9C in the command right after it, 9E always."""
    assert [card.sign(reference).status for reference in (0x9A, 0x9C, 0x9D, 0x9E)] == [0x6982, 0x6982, 0x6982, 0x9000]
    card.verify()
    assert card.sign(0x9C).ok
    assert card.sign(0x9C).status == 0x6982
    assert card.sign(0x9A).ok
    card.verify()
    card.get("7E")
    assert card.sign(0x9C).status == 0x6982

    signature = dict(parts(dict(parts(card.sign(0x9A).data))[0x7C]))[0x82]
    person.key.public_key().verify(signature, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_a_key_signs_with_its_own_algorithm_only(card: Card) -> None:
    card.verify()
    assert card.sign(0x9A, 0x14).status == 0x6A86
    assert card.sign(0x82).status == 0x6A86


def test_keys_agree_on_a_secret(card: Card, person: Any) -> None:
    other = PrivateKey.generate(0x11)
    card.verify()
    answer = card.send("0087119D", tlv(0x7C, tlv(0x82, b"") + tlv(0x85, other.point)), "00")

    secret = dict(parts(dict(parts(answer.data))[0x7C]))[0x82]
    assert secret == other.key.exchange(ec.ECDH(), person.key.public_key())
    assert card.status("0087119D", tlv(0x7C, tlv(0x82, b"") + tlv(0x85, b"\x04" + bytes(64)))) == "6A80"


@pytest.mark.parametrize(("algorithm", "scalar"), [(0x07, b"\x01" * 32), (0x11, bytes(32)), (0x11, b"\xff" * 40)])
def test_keys_that_the_card_does_not_take_are_refused(card: Card, algorithm: int, scalar: bytes) -> None:
    before = card.chip.keys[0x9A]
    card.manage()
    assert card.status(f"00FE{algorithm:02X}9A", tlv(0x06, scalar)) == "6A80"
    assert card.chip.keys[0x9A] is before
    assert card.status("00FE1180", tlv(0x06, b"\x01" * 32)) == "6A86"


def test_keys_are_made_and_imported_only_with_the_management_key(card: Card) -> None:
    assert card.status("0047009A", bytes.fromhex("AC03800111")) == "6982"
    assert card.status("00FE119A", tlv(0x06, b"\x01" * 32)) == "6982"
    card.manage()
    assert card.status("0047009A", bytes.fromhex("AC03800107")) == "6A80"
    assert card.send("0047009A", bytes.fromhex("AC03800111"), "00").data.startswith(b"\x7f\x49\x43\x86\x41\x04")


def test_a_certificate_of_another_key_is_not_issued(make_staff: Callable[[str], Any], person: Any) -> None:
    with pytest.raises(ValueError, match="another key"):
        PivChip("x").put_key(0x9A, make_staff("Orang Lain SPESIMEN").key, person.certificate)
    with pytest.raises(ValueError, match="no key slot"):
        PivChip("x").put_key(0x9B, person.key, person.certificate)


@given(st.lists(st.one_of(st.binary(max_size=40), st.binary(max_size=30).map(lambda data: b"\x00\x87\x11\x9a" + data))))
def test_no_bytes_upset_it(frames: list[bytes]) -> None:
    chip = PivChip("fuzz")
    for frame in frames:
        Answer.from_bytes(chip.transmit(frame))
    chip.reset()
    assert Card(chip).get("7E").ok


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_a_frame_error(frame: bytes) -> None:
    try:
        command = parse(frame)
    except FrameError:
        return
    assert len(command.data) < len(frame)


@given(st.binary(max_size=700))
def test_any_bytes_are_tlv_or_an_error(data: bytes) -> None:
    try:
        found = list(parts(data))
    except TlvError:
        return
    assert sum(len(value) for _, value in found) <= len(data)


@given(st.integers(0, 255), st.binary(max_size=400))
def test_tlv_survives_the_wire(tag: int, value: bytes) -> None:
    assert list(parts(tlv(tag, value))) == [(tag, value)]
