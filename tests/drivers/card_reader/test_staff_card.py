"""A staff card (PIV) through the reader: what the kiosk's login needs of the way to the card."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID

from drivers.card_reader.driver import CardReader
from drivers.card_reader.errors import CardLostError
from hardware_sim.control import Hand

pytestmark = pytest.mark.devices

OPERATOR = "Kiosk Operator Reader"
PIN = "24682468"
SELECT = bytes.fromhex("00A4040009A0000003080000100000")
VERIFY = bytes.fromhex("0020008008") + PIN.encode()
PIN_STATE = bytes.fromhex("00200080")
GET_CERTIFICATE = bytes.fromhex("00CB3FFF055C035FC10500")
GET_CERTIFICATE_WHOLE = bytes.fromhex("00CB3FFF0000055C035FC1050000")  # lengths of two bytes
GET_RESPONSE = bytes.fromhex("00C0000000")
DIGEST = bytes(range(32))
SIGN = bytes.fromhex("0087119A267C2482008120") + DIGEST + b"\x00"


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Petugas SPESIMEN")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


@pytest.fixture
async def operator(
    hand: Hand, serial: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> AsyncIterator[CardReader]:
    """The operator's reader with a staff card in it."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    hand.do(
        "issue_staff",
        slot="operator",
        serial=serial,
        key=pem,
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        pin=PIN,
    )
    reader = CardReader("operator reader", OPERATOR)
    await reader.start()
    await reader.wait_for_card(within=5)
    yield reader
    await reader.close()


async def test_its_certificate_comes_whole_or_in_pieces(operator: CardReader, certificate: x509.Certificate) -> None:
    _, whole = await operator.transmit([SELECT, GET_CERTIFICATE_WHOLE])
    (first,) = await operator.transmit([GET_CERTIFICATE])
    (rest,) = await operator.transmit([GET_RESPONSE])

    assert certificate.public_bytes(serialization.Encoding.DER) in whole
    assert whole.endswith(b"\x90\x00")
    assert first[-2] == 0x61
    assert first[:-2] + rest == whole


async def test_it_signs_after_its_pin(operator: CardReader, key: ec.EllipticCurvePrivateKey) -> None:
    assert (await operator.transmit([SELECT, SIGN]))[-1] == b"\x69\x82"

    *_, signed = await operator.transmit([VERIFY, SIGN])

    template = signed[:-2]
    assert template[0] == 0x7C
    assert template[2] == 0x82
    key.public_key().verify(template[4:], DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))


async def test_its_rights_last_while_it_stays_in_and_not_longer(operator: CardReader, hand: Hand, serial: str) -> None:
    await operator.transmit([SELECT, VERIFY])
    await asyncio.sleep(1)
    assert await operator.transmit([PIN_STATE]) == [b"\x90\x00"]

    hand.do("remove", slot="operator")
    await asyncio.sleep(0.6)  # pcscd looks every 0.4 s
    hand.do("insert", slot="operator", serial=serial, kind="piv")
    await operator.wait_for_card(within=5)
    assert (await operator.transmit([SELECT, PIN_STATE]))[-1] == b"\x63\xc3"


async def test_a_reset_by_another_program_is_told_and_takes_the_rights(operator: CardReader) -> None:
    """Going on in silence would be going on without the PIN, or with another application selected."""
    await operator.transmit([SELECT, VERIFY])
    command = ["opensc-tool", "-r", "2", "--reset"]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=20)

    with pytest.raises(CardLostError):
        await operator.transmit([PIN_STATE])
    assert await operator.transmit([PIN_STATE]) == [b"\x63\xc3"]
