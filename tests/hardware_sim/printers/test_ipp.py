"""The IPP encoding, against itself and against an independent reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyipp.parser import parse

from hardware_sim.printers.ipp import Attribute, Group, IppSyntaxError, Message, Tag, decode, encode, of

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
integers = st.integers(-(2**31), 2**31 - 1)
values = st.one_of(
    st.lists(integers, min_size=1, max_size=3).map(lambda v: of(Tag.INTEGER, *v)),
    st.lists(texts, min_size=1, max_size=3).map(lambda v: of(Tag.NAME, *v)),
    st.booleans().map(lambda v: of(Tag.BOOLEAN, v)),
    st.tuples(integers, integers).map(lambda v: of(Tag.RANGE, v)),
    st.tuples(integers, integers, st.sampled_from([3, 4])).map(lambda v: of(Tag.RESOLUTION, v)),
    st.binary(max_size=20).map(lambda v: of(Tag.OCTETS, v)),
)
names = st.from_regex(r"[a-z]{1,9}(-[a-z]{1,9})?", fullmatch=True)
flat = st.dictionaries(names, values, max_size=4)


def collection_of(members: st.SearchStrategy[Group]) -> st.SearchStrategy[Attribute]:
    return st.lists(members, min_size=1, max_size=2).map(lambda v: of(Tag.BEGIN_COLLECTION, *v))


groups = st.dictionaries(
    names, values | collection_of(st.dictionaries(names, values | collection_of(flat), max_size=3)), max_size=5
)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 4]), groups), min_size=1, max_size=3), st.binary(max_size=30))
def test_a_message_comes_back_as_it_was(message_groups: list[tuple[int, Group]], document: bytes) -> None:
    message = Message(0x000B, 7, message_groups, document=document)
    assert decode(encode(message)) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_syntax_error(data: bytes) -> None:
    try:
        decode(data)
    except IppSyntaxError:
        return


@given(groups, st.data())
def test_a_message_cut_anywhere_is_a_syntax_error(group: Group, data: st.DataObject) -> None:
    whole = encode(Message(0x000B, 7, [(Tag.OPERATION, group)]))
    with pytest.raises(IppSyntaxError):
        decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_pyipp_reads_what_is_written() -> None:
    operation = {"attributes-charset": of(Tag.CHARSET, "utf-8")}
    size = {"x-dimension": of(Tag.INTEGER, 5400), "y-dimension": of(Tag.INTEGER, 8600)}
    printer = {
        "printer-state-reasons": of(Tag.KEYWORD, "media-empty-error", "cover-open-error"),
        "media-col-default": of(Tag.BEGIN_COLLECTION, {"media-size": of(Tag.BEGIN_COLLECTION, size)}),
        "copies-supported": of(Tag.RANGE, (1, 99)),
    }
    parsed = parse(encode(Message(0, 7, [(Tag.OPERATION, operation), (Tag.PRINTER, printer)])))

    assert parsed["printers"] == [
        {
            "printer-state-reasons": ["media-empty-error", "cover-open-error"],
            "media-col-default": {"media-size": {"x-dimension": 5400, "y-dimension": 8600}},
            "copies-supported": [1, 99],
        }
    ]
