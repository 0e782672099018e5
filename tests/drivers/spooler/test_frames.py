"""Which answers of a printer pyipp's parser is given."""

from __future__ import annotations

import pytest

from drivers.spooler.frames import IppFrameError, check_answer
from hardware_sim.printers.ipp import Message, Tag, encode, of

HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x01\x01"
ATTRIBUTE = b"\x44\x00\x01a\x00\x01b"


def test_whole_answers_pass() -> None:
    size = {"media-size": of(Tag.BEGIN_COLLECTION, {"x-dimension": of(Tag.INTEGER, 5400)})}
    groups = [(Tag.OPERATION, {"attributes-charset": of(Tag.CHARSET, "utf-8")}), (Tag.PRINTER, {
        "media-col": of(Tag.BEGIN_COLLECTION, size, size),
        "printer-is-accepting-jobs": of(Tag.BOOLEAN, True),
        "copies-supported": of(Tag.RANGE, (1, 99)),
        "printer-up-time": of(Tag.NO_VALUE, b""),
    })]  # fmt: skip

    check_answer(encode(Message(0, 1, groups)))
    check_answer(HEAD + ATTRIBUTE + b"\x36\x00\x01n\x00\x08\x00\x02id\x00\x02ab" + b"\x03")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "cut off"),
        (HEAD[:8] + ATTRIBUTE + b"\x03", "before the first group"),
        (HEAD + ATTRIBUTE, "cut off"),
        (HEAD + ATTRIBUTE + b"\x44\x00\x00\xff\xfb\x03", "negative"),  # pyipp reads -5, and this attribute for ever
        (HEAD + b"\x44\xff\xfb\x00\x00\x03", "negative"),
        (HEAD + ATTRIBUTE + b"\x02\x04" + ATTRIBUTE + b"\x03", "delimiter"),
        (HEAD + ATTRIBUTE + b"\x02\x03", "without attributes"),
        (HEAD + ATTRIBUTE + b"\x21\x00\x01i\x00\x02\x00\x00\x03", "2 bytes with tag 0x21"),
        (HEAD + ATTRIBUTE + b"\x34\x00\x01c\x00\x00" * 21 + b"\x03", "too deep"),
        (HEAD + b"\x37\x00\x00\x00\x00\x03", "do not close"),
        (HEAD + b"\x36\x00\x01n\x00\x06\x00\x02id\xff\xf0\x03", "negative"),
    ],
)
def test_what_pyipp_would_misread_is_refused(answer: bytes, why: str) -> None:
    with pytest.raises(IppFrameError, match=why):
        check_answer(answer)
