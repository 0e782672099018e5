"""Bits to contacts and lamps, and what the frames' library takes for a frame."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.bit_message import ReadDiscreteInputsResponse

from drivers.cabinet.frames import (
    DOORS,
    LONGEST_SPAN,
    Contact,
    Lamp,
    Profile,
    Span,
    active_contacts,
    lit_lamps,
    span_of,
)

ADDRESSES = st.integers(0, LONGEST_SPAN - 1)


def profiles() -> st.SearchStrategy[Profile]:
    def of(addresses: list[int]) -> Profile:
        contacts = dict(zip(Contact, addresses[: len(Contact)], strict=False))
        lamps = dict(zip(Lamp, addresses[len(Contact) :], strict=False))
        return Profile(1, contacts, lamps)

    return st.lists(ADDRESSES, unique=True, max_size=len(Contact) + len(Lamp)).map(of)


@given(profiles(), st.sets(st.sampled_from(Contact)), st.sets(st.sampled_from(Lamp)), st.integers(0, 7))
def test_what_is_active_and_lit_is_read_from_the_span_whatever_the_addresses(
    profile: Profile, active: set[Contact], lit: set[Lamp], padding: int
) -> None:
    active &= profile.contacts.keys()
    lit &= profile.lamps.keys()
    contacts, lamps = span_of(profile.contacts), span_of(profile.lamps)
    inputs = [False] * ((contacts.count if contacts else 0) + padding)
    for contact, address in profile.contacts.items():
        assert contacts is not None
        inputs[address - contacts.first] = (contact in active) != (contact in DOORS)
    coils = [False] * ((lamps.count if lamps else 0) + padding)
    for lamp in lit:
        assert lamps is not None
        coils[profile.lamps[lamp] - lamps.first] = True

    assert active_contacts(profile, inputs) == active
    assert lit_lamps(profile, coils) == lit


def test_a_cut_wire_is_an_open_door_and_no_pressed_button() -> None:
    profile = Profile(1, {Contact.PAPER_DOOR: 4, Contact.CALL_BUTTON: 5})

    assert span_of(profile.contacts) == Span(4, 2)
    assert active_contacts(profile, [False, False]) == {Contact.PAPER_DOOR}
    assert active_contacts(profile, [True, True]) == {Contact.CALL_BUTTON}


def test_an_answer_that_is_too_short_is_none() -> None:
    profile = Profile(1, {Contact.PAPER_DOOR: 0, Contact.CALL_BUTTON: 9}, {Lamp.SCANNER: 3})

    with pytest.raises(ValueError, match="8 bits where 10"):
        active_contacts(profile, [True] * 8)
    with pytest.raises(ValueError, match="0 bits where 1"):
        lit_lamps(profile, [])


@pytest.mark.parametrize(
    "contacts",
    [{Contact.PAPER_DOOR: 1, Contact.CALL_BUTTON: 1}, {Contact.PAPER_DOOR: 0, Contact.CALL_BUTTON: LONGEST_SPAN}],
)
def test_a_profile_that_cannot_be_is_refused(contacts: dict[Contact, int]) -> None:
    with pytest.raises(ValueError, match="address"):
        Profile(1, contacts)


# ---------------------------------------------------------------------------------------------------------------
# the library's frames


def test_a_frame_of_the_standard() -> None:
    framer = FramerRTU(DecodePDU(is_server=False))

    # MODBUS Application Protocol 6.2: inputs 196 to 217 of the example, with unit 17 and the check bytes of RTU
    frame = bytes.fromhex("11 02 03 AC DB 35 20 18")
    used, answer = framer.handleFrame(frame, 17, 0)

    assert used == len(frame)
    assert isinstance(answer, ReadDiscreteInputsResponse)
    assert answer.bits[:8] == [False, False, True, True, False, True, False, True]


@given(st.lists(st.booleans(), min_size=8, max_size=64), st.integers(1, 247), st.data())
def test_no_frame_with_one_wrong_bit_is_taken(bits: list[bool], unit: int, data: st.DataObject) -> None:
    framer = FramerRTU(DecodePDU(is_server=False))
    frame = framer.buildFrame(ReadDiscreteInputsResponse(dev_id=unit, bits=bits))
    position = data.draw(st.integers(0, len(frame) * 8 - 1))
    spoiled = bytearray(frame)
    spoiled[position // 8] ^= 1 << position % 8

    try:
        _, answer = framer.handleFrame(bytes(spoiled), unit, 0)
    except ModbusException:
        return
    assert answer is None


@given(st.binary(max_size=300))
def test_noise_raises_nothing_but_what_the_protocol_catches(noise: bytes) -> None:
    framer = FramerRTU(DecodePDU(is_server=False))
    with contextlib.suppress(ModbusException, ValueError, IndexError, TypeError, struct.error):
        framer.handleFrame(noise, 1, 0)
