"""Is an answer of a printer an IPP message (RFC 8010 3) that pyipp can be given? No I/O.

pyipp reads lengths as signed numbers: a value length of -5 leads its parser back to the same attribute, for ever and
with ever more memory, inside the event loop, where no deadline reaches it (found by fuzzing, pyipp 0.17). So the
structure is walked first, in one pass, with the parser's own steps; what it would misread is refused.
"""

from __future__ import annotations

from pyipp.enums import IppTag

LARGEST_ANSWER = 4 * 1024 * 1024  # all attributes of a printer take some 30 kB
DEEPEST = 20  # collections within collections; media-col has three levels

_HEAD = 8
_FIRST_VALUE_TAG = 0x10
_LENGTHS = 0x7FFF  # SIGNED-SHORT in RFC 8010 3.1
_GROUPS = {tag.value for tag in (IppTag.OPERATION, IppTag.JOB, IppTag.PRINTER, IppTag.UNSUPPORTED_GROUP)}
_FIXED = {IppTag.INTEGER.value: 4, IppTag.ENUM.value: 4, IppTag.BOOLEAN.value: 1}
_WITH_LANGUAGE = {IppTag.TEXT_LANG.value, IppTag.NAME_LANG.value}


class IppFrameError(Exception):
    """Bytes that are no IPP message, or none that can be read safely."""


def check_answer(data: bytes) -> None:
    """Raises IppFrameError for bytes that pyipp's parser must not be given. Time in proportion to their number."""
    if len(data) > LARGEST_ANSWER:
        raise IppFrameError(f"an answer of {len(data)} bytes")
    try:
        _walk(data)
    except IndexError as error:
        raise IppFrameError("an answer that is cut off") from error


def _walk(data: bytes) -> None:
    at, depth, group_is_empty = _HEAD, 0, False
    while (tag := data[at]) != IppTag.END.value or depth:
        if tag < _FIRST_VALUE_TAG:
            if tag not in _GROUPS or depth or group_is_empty:
                raise IppFrameError(f"a delimiter {tag:#04x} where none can be")
            group_is_empty = True
            at += 1
            continue
        if at == _HEAD:
            raise IppFrameError("an attribute before the first group")
        group_is_empty = False
        begin, end = _value(data, at)
        _check_value(tag, data[begin:end])
        if tag == IppTag.BEGIN_COLLECTION.value:
            depth += 1
        elif tag == IppTag.END_COLLECTION.value:
            depth -= 1
        if not 0 <= depth <= DEEPEST:
            raise IppFrameError("collections that do not close, or too deep")
        at = end
    if group_is_empty:
        raise IppFrameError("a group without attributes")


def _value(data: bytes, at: int) -> tuple[int, int]:
    """Where the value of the attribute at ``at`` begins and ends. Raises IppFrameError, or IndexError at the end."""
    name_end = at + 3 + _length(data, at + 1)
    begin = name_end + 2
    end = begin + _length(data, name_end)
    if end >= len(data):  # the end-of-attributes tag at least follows
        raise IppFrameError("a value that is cut off")
    return begin, end


def _check_value(tag: int, value: bytes) -> None:
    if len(value) != _FIXED.get(tag, len(value)):
        raise IppFrameError(f"a value of {len(value)} bytes with tag {tag:#04x}")
    if tag in _WITH_LANGUAGE:
        text = 2 + _length(value, 0)
        if text + 2 + _length(value, text) != len(value):
            raise IppFrameError("a text whose parts do not fill it")


def _length(data: bytes, at: int) -> int:
    length = data[at] << 8 | data[at + 1]
    if length > _LENGTHS:
        raise IppFrameError("a negative length")
    return length
