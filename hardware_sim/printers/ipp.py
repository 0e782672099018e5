"""IPP messages from the printer's side (RFC 8010): bytes to values and back, no I/O.

pyipp, which the kiosk asks with, encodes requests only and keeps no syntax tags, so a server needs its own.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class Tag(enum.IntEnum):
    """Delimiters and value tags of RFC 8010 3.5."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED_GROUP = 0x05
    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_LANGUAGE = 0x35
    NAME_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49
    MEMBER = 0x4A


GROUP_TAGS_BELOW = 0x10
DEEPEST = 20  # collections within collections; media-col has three levels
STRINGS = frozenset(
    {Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.URI_SCHEME, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME, Tag.MEMBER}
)
WITH_LANGUAGE = frozenset({Tag.TEXT_LANGUAGE, Tag.NAME_LANGUAGE})


class IppSyntaxError(Exception):
    """The bytes are not an IPP message."""


@dataclass(frozen=True)
class Attribute:
    """Values of one syntax. A collection is a Group, a range (low, high), a resolution (x, y, units)."""

    tag: int
    values: tuple[Any, ...]

    @property
    def first(self) -> Any:
        return self.values[0]


Group = dict[str, Attribute]
_Growing = dict[str, tuple[int, list[Any]]]  # a Group that is still being read


def of(tag: Tag, *values: Any) -> Attribute:
    """An attribute with these values."""
    return Attribute(tag, values)


def date_time(wall: float) -> bytes:
    """A dateTime value (RFC 8011 5.1.15, RFC 2579 DateAndTime) of seconds since 1970, in UTC."""
    at = datetime.fromtimestamp(wall, UTC)
    tenths = at.microsecond // 100_000
    return struct.pack(">HBBBBBBcBB", at.year, at.month, at.day, at.hour, at.minute, at.second, tenths, b"+", 0, 0)


@dataclass
class Message:
    """A request (``code`` is the operation) or a response (``code`` is the status)."""

    code: int
    request_id: int
    groups: list[tuple[int, Group]]
    version: tuple[int, int] = (2, 0)
    document: bytes = field(default=b"", repr=False)

    def group(self, tag: Tag) -> Group:
        """The first group of that kind; empty when there is none."""
        return next((group for kind, group in self.groups if kind == tag), {})


def encode(message: Message) -> bytes:
    """The message as bytes."""
    parts = [struct.pack(">BBHi", *message.version, message.code, message.request_id)]
    for tag, group in message.groups:
        parts.append(bytes([tag]))
        parts.extend(_encode_attribute(name, attribute) for name, attribute in group.items())
    parts.append(bytes([Tag.END]))
    parts.append(message.document)
    return b"".join(parts)


def _encode_attribute(name: str, attribute: Attribute) -> bytes:
    parts = []
    for index, value in enumerate(attribute.values):
        parts.append(_field(attribute.tag, name if index == 0 else "", _encode_value(attribute.tag, value)))
        if attribute.tag == Tag.BEGIN_COLLECTION:
            parts.append(_encode_members(value))
    return b"".join(parts)


def _encode_members(collection: Group) -> bytes:
    parts = []
    for name, attribute in collection.items():
        parts.append(_field(Tag.MEMBER, "", name.encode()))
        parts.append(_encode_attribute("", attribute))
    parts.append(_field(Tag.END_COLLECTION, "", b""))
    return b"".join(parts)


def _field(tag: int, name: str, value: bytes) -> bytes:
    encoded = name.encode()
    return struct.pack(">BH", tag, len(encoded)) + encoded + struct.pack(">H", len(value)) + value


def _encode_value(tag: int, value: Any) -> bytes:
    if tag in (Tag.INTEGER, Tag.ENUM):
        return struct.pack(">i", value)
    if tag == Tag.BOOLEAN:
        return bytes([bool(value)])
    if tag == Tag.RANGE:
        return struct.pack(">ii", *value)
    if tag == Tag.RESOLUTION:
        return struct.pack(">iiB", *value)
    if tag in STRINGS:
        return str(value).encode()
    if tag in (Tag.OCTETS, Tag.DATE):
        return bytes(value)
    return b""  # out-of-band values and the begin of a collection


def decode(data: bytes) -> Message:
    """The message in these bytes; IppSyntaxError when they are none."""
    try:
        return _decode(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise IppSyntaxError(str(error)) from error


def _decode(data: bytes) -> Message:
    major, minor, code, request_id = struct.unpack_from(">BBHi", data, 0)
    groups: list[tuple[int, _Growing]] = []
    at = 8
    name = ""
    while data[at] != Tag.END:
        if data[at] < GROUP_TAGS_BELOW:
            groups.append((data[at], {}))
            name = ""
            at += 1
            continue
        if not groups:
            raise IppSyntaxError("an attribute before the first group")
        tag, new_name, value, at = _decode_field(data, at)
        if tag == Tag.BEGIN_COLLECTION:
            value, at = _decode_members(data, at)
        name = new_name or name
        if not name:
            raise IppSyntaxError("a further value of no attribute")
        _add(groups[-1][1], name, tag, value, further=not new_name)
    message = Message(code, request_id, [(tag, _frozen(group)) for tag, group in groups], (major, minor))
    message.document = data[at + 1 :]
    return message


def _decode_members(data: bytes, at: int, depth: int = 1) -> tuple[Group, int]:
    if depth > DEEPEST:
        raise IppSyntaxError("collections nested too deep")
    members: _Growing = {}
    name = ""
    while True:
        tag, _, value, at = _decode_field(data, at)
        if tag == Tag.END_COLLECTION:
            return _frozen(members), at
        if tag == Tag.MEMBER:
            name = value
            continue
        if tag == Tag.BEGIN_COLLECTION:
            value, at = _decode_members(data, at, depth + 1)
        _add(members, name, tag, value, further=name in members)


def _add(group: _Growing, name: str, tag: int, value: Any, *, further: bool) -> None:
    values = group[name][1] if further else []
    values.append(value)
    group[name] = (tag, values)


def _frozen(group: _Growing) -> Group:
    return {name: Attribute(tag, tuple(values)) for name, (tag, values) in group.items()}


def _decode_field(data: bytes, at: int) -> tuple[int, str, Any, int]:
    tag, name_length = struct.unpack_from(">BH", data, at)
    name = data[at + 3 : at + 3 + name_length].decode()
    at += 3 + name_length
    (length,) = struct.unpack_from(">H", data, at)
    value = data[at + 2 : at + 2 + length]
    if len(value) != length:
        raise IppSyntaxError("a value is cut off")
    return tag, name, _decode_value(tag, value), at + 2 + length


def _decode_value(tag: int, value: bytes) -> Any:
    if tag in (Tag.INTEGER, Tag.ENUM):
        return struct.unpack(">i", value)[0]
    if tag == Tag.BOOLEAN:
        return value != b"\0"
    if tag == Tag.RANGE:
        return struct.unpack(">ii", value)
    if tag == Tag.RESOLUTION:
        return struct.unpack(">iiB", value)
    if tag in STRINGS:
        return value.decode()
    if tag in WITH_LANGUAGE:
        (length,) = struct.unpack_from(">H", value, 0)
        return value[4 + length :].decode()
    return value
