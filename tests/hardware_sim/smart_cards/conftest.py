"""A private pcscd with virtual cards, and certificates as the Dinas makes them for its staff."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hardware_sim.control import Hand

READERS = {"encoder": "Kiosk CardPrinter Encoder 00 00", "operator": "Kiosk Operator Reader 00 00"}


@dataclass(frozen=True)
class Staff:
    """Somebody's key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> dict[str, str]:
        """As the acts of the simulator take them."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {"key": key.decode(), "certificate": self.certificate.public_bytes(serialization.Encoding.PEM).decode()}


@pytest.fixture(scope="session")
def make_staff() -> Callable[[str], Staff]:
    """A certificate from a root of its own; whoever trusts whom is not the card's business."""
    root = ec.generate_private_key(ec.SECP256R1())

    def make(name: str) -> Staff:
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas Uji Petugas (SPESIMEN)")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .sign(root, hashes.SHA256())
        )
        return Staff(key, certificate)

    return make


@pytest.fixture(scope="session")
def cards_where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(tmp_path_factory.mktemp("piv"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="session")
def card_tools(cards_where: dict[str, str]) -> dict[str, str]:
    """The environment in which OpenSC's and Yubico's tools find these readers."""
    return {**os.environ, "PCSCLITE_CSOCK_NAME": cards_where["PCSCLITE_CSOCK_NAME"], "LC_ALL": "C"}


@pytest.fixture
def wait_for_card(card_tools: dict[str, str]) -> Callable[..., None]:
    """pcscd looks every 0.4 s whether there is a card."""

    def wait(slot: str = "operator", *, present: bool = True) -> None:
        number = list(READERS.values()).index(READERS[slot]) * 2  # each virtual reader has a second, empty slot
        wanted = "Yes" if present else "No"
        deadline = time.monotonic() + 10
        while True:
            seen = subprocess.run(["opensc-tool", "-l"], env=card_tools, capture_output=True, text=True, timeout=20)
            line = next((line for line in seen.stdout.splitlines() if line.startswith(f"{number} ")), "")
            if line.split()[1:2] == [wanted]:
                return
            assert time.monotonic() < deadline, seen.stdout + seen.stderr
            time.sleep(0.05)

    return wait


@pytest.fixture
def cards(cards_where: dict[str, str], wait_for_card: Callable[..., None]) -> Iterator[Hand]:
    """A hand at the readers, which are empty before and after, for pcscd too."""
    hand = Hand(cards_where["control"])
    yield hand
    taken = [slot for slot in READERS if hand.do("remove", slot=slot)["result"]]
    for slot in taken:
        wait_for_card(slot, present=False)


@pytest.fixture
def pem_files(tmp_path: Path) -> Callable[[Staff], dict[str, Path]]:
    """Key and certificate as files, as the tools take them."""

    def write(staff: Staff) -> dict[str, Path]:
        files = {name: tmp_path / f"{name}.pem" for name in staff.pem}
        for name, text in staff.pem.items():
            files[name].write_text(text)
        return files

    return write
