"""Lines of a scanner, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qr_scanner.frames import LONGEST_LINE, Foreign, Handle, LineSplitter, Scan, Unreadable, parse_scan


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("ADM1:k7Yw-2_pQ.z~9", Handle("k7Yw-2_pQ.z~9")),
        ("  ADM1:abc\t", Handle("abc")),
        ("ADM1:aGFuZGxl+/8=", Handle("aGFuZGxl+/8=")),
        ("ADM1:héndel", Unreadable()),
        ("https://example.org/bayar", Foreign()),
        ("00020101021126", Foreign()),
        ("adm1:abc", Foreign()),
        ("ADM1:", Unreadable()),
        ("ADM1:two words", Unreadable()),
        ("ADM1:" + "a" * 129, Unreadable()),
        ("ADM1:ab\ufffdcd", Unreadable()),
        ("\x00\x07", Unreadable()),
        ("", Unreadable()),
    ],
)
def test_what_a_line_means(text: str, scan: Scan) -> None:
    assert parse_scan(text) == scan


@given(st.text())
def test_any_text_means_something(text: str) -> None:
    assert isinstance(parse_scan(text), Handle | Foreign | Unreadable)


def test_a_foreign_code_is_not_kept() -> None:
    assert "bayar" not in repr(parse_scan("https://example.org/bayar"))


LINES = st.lists(st.binary(min_size=1, max_size=40).filter(lambda line: not set(line) & {10, 13}))


@given(LINES, st.sampled_from([b"\r", b"\n", b"\r\n"]), st.integers(1, 7))
def test_lines_come_whole_whatever_pieces_they_come_in(lines: list[bytes], end: bytes, size: int) -> None:
    stream = b"".join(line + end for line in lines)
    splitter = LineSplitter()

    got = [line for at in range(0, len(stream), size) for line in splitter.feed(stream[at : at + size])]

    assert got == lines


def test_a_line_too_long_is_dropped_to_its_end_and_the_next_one_is_whole() -> None:
    splitter = LineSplitter()

    assert splitter.feed(b"x" * (LONGEST_LINE + 1)) == []
    assert splitter.feed(b"still the same line\r\nADM1:next\r\n") == [b"ADM1:next"]
    assert splitter.feed(b"y" * LONGEST_LINE + b"\n") == [b"y" * LONGEST_LINE]


@given(st.lists(st.binary(max_size=2000), max_size=20))
def test_a_flood_never_fills_the_memory(pieces: list[bytes]) -> None:
    splitter = LineSplitter()
    for piece in pieces:
        assert all(0 < len(line) <= LONGEST_LINE for line in splitter.feed(piece))
        assert len(splitter._line) <= LONGEST_LINE


def test_a_line_without_end_can_be_forgotten() -> None:
    splitter = LineSplitter()
    splitter.feed(b"ADM1:ha")
    splitter.drop_partial()

    assert splitter.feed(b"ADM1:whole\n") == [b"ADM1:whole"]
