"""What a PIV card holds for everyone to read (NIST SP 800-73-4, part 1): data objects in BER-TLV, by their tags."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

AID = bytes.fromhex("A00000030800001000")  # of the PIV Card Application; its version 0100 follows
FULL_AID = AID + bytes.fromhex("0100")

CHUID = bytes.fromhex("5FC102")
CCC = bytes.fromhex("5FC107")
DISCOVERY = bytes.fromhex("7E")
KEY_HISTORY = bytes.fromhex("5FC10C")
CERTIFICATES = {
    0x9A: bytes.fromhex("5FC105"),  # authentication
    0x9C: bytes.fromhex("5FC10A"),  # digital signature
    0x9D: bytes.fromhex("5FC10B"),  # key management
    0x9E: bytes.fromhex("5FC101"),  # card authentication
}
# Fingerprints, face, printed information and iris (part 1, table 2).
READABLE_AFTER_PIN = frozenset(bytes.fromhex(tag) for tag in ("5FC103", "5FC108", "5FC109", "5FC121"))
# An issuer's objects are 5FC1xx; those that tools keep for themselves are 5FFFxx.
WRITABLE = (bytes.fromhex("5FC1"), bytes.fromhex("5FFF"))

CONTAINER = 0x53
PIN_OF_THE_APPLICATION_ONLY = bytes.fromhex("4000")  # PIN usage policy (part 1, 3.3.2)
# FASC-N of a card that no agency of the United States has issued: agency, system and credential all nines, so that the
# card's own GUID is its number (SP 800-73-4, part 1, 3.4.1).
FASC_N = bytes.fromhex("D4E739DA739CED39CE739D836858210842108421C84210C3EB")
EXPIRES = b"20301231"


class TlvError(ValueError):
    """Bytes that are no BER-TLV."""


def tlv(tag: int | bytes, value: bytes) -> bytes:
    """A tag of one or more bytes, the length in its shortest form, and the value."""
    name = bytes((tag,)) if isinstance(tag, int) else tag
    if len(value) < 0x80:
        return name + bytes((len(value),)) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return name + bytes((0x80 | len(length),)) + length + value


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag (one byte) and value of each TLV in a row. Raises TlvError."""
    while data:
        if len(data) < 2:
            raise TlvError("a tag without a length")
        tag, first, data = data[0], data[1], data[2:]
        length = first
        if first >= 0x80:
            count = first & 0x7F
            if not 1 <= count <= 2 or len(data) < count:
                raise TlvError(f"length of {count} bytes")
            length, data = int.from_bytes(data[:count], "big"), data[count:]
        if len(data) < length:
            raise TlvError(f"{len(data)} bytes where {length} were announced")
        yield tag, data[:length]
        data = data[length:]


def fresh_objects(serial: str) -> dict[bytes, bytes]:
    """What is on a card before anybody has put a key on it, by tag. CHUID and history are not signed by an issuer."""
    number = hashlib.sha256(serial.encode()).digest()
    chuid = tlv(0x30, FASC_N) + tlv(0x34, guid(serial).bytes) + tlv(0x35, EXPIRES) + tlv(0x3E, b"") + tlv(0xFE, b"")
    capabilities = b"".join(
        (
            tlv(0xF0, bytes.fromhex("A000000116FF02") + number[:14]),  # card identifier of 21 bytes
            tlv(0xF1, b"\x21"),
            tlv(0xF2, b"\x21"),
            tlv(0xF3, b""),
            tlv(0xF4, b"\x00"),
            tlv(0xF5, b"\x10"),  # data model
            *(tlv(tag, b"") for tag in (0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE)),
        )
    )
    history = tlv(0xC1, b"\x00") + tlv(0xC2, b"\x00") + tlv(0xFE, b"")  # no retired keys
    discovery = tlv(0x4F, FULL_AID) + tlv(bytes.fromhex("5F2F"), PIN_OF_THE_APPLICATION_ONLY)
    return {
        CHUID: tlv(CONTAINER, chuid),
        CCC: tlv(CONTAINER, capabilities),
        KEY_HISTORY: tlv(CONTAINER, history),
        DISCOVERY: tlv(DISCOVERY, discovery),
    }


def guid(serial: str) -> uuid.UUID:
    """The card's number in its CHUID, which OpenSC shows as its serial."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"SPESIMEN {serial}")


def certificate_object(certificate: x509.Certificate) -> bytes:
    """A certificate in its container: not compressed (71 00), without an error code."""
    return tlv(CONTAINER, tlv(0x70, certificate.public_bytes(Encoding.DER)) + tlv(0x71, b"\x00") + tlv(0xFE, b""))


def application_template() -> bytes:
    """What SELECT answers (part 2, table 3): the application's AID, and whose coding it is."""
    return tlv(0x61, tlv(0x4F, FULL_AID[5:]) + tlv(0x79, tlv(0x4F, AID[:5])))
