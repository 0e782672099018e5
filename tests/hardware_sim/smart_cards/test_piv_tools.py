"""The staff card as other people's programs see it: OpenSC's tools and Yubico's, through the real pcscd."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hardware_sim.control import Hand
from hardware_sim.smart_cards.piv_objects import guid

pytestmark = pytest.mark.devices

PIN, PUK = "123456", "12345678"
FACTORY_KEY = "010203040506070801020304050607080102030405060708"
AES_KEY = bytes(range(16))

MakeStaff = Callable[[str], Any]
Wait = Callable[..., None]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(card_tools: dict[str, str]) -> Run:
    """A tool's whole run."""

    def run_tool(*command: str | Path, fails: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(part) for part in command],
            env={**card_tools, **more},
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        assert (done.returncode != 0) is fails, f"{command}: {done.stdout}{done.stderr}"
        return done

    return run_tool


@pytest.fixture
def staff(cards: Hand, make_staff: MakeStaff, wait_for_card: Wait, request: pytest.FixtureRequest) -> Any:
    """A staff card in the operator's reader; its serial is the test's name."""
    person = make_staff("Petugas Satu SPESIMEN")
    cards.do("issue_staff", slot="operator", serial=request.node.name, **person.pem)
    wait_for_card()
    return person


def yubico(*actions: str | Path) -> tuple[str | Path, ...]:
    return ("yubico-piv-tool", "-r", "Kiosk Operator", *actions)


def pkcs11(*arguments: str | Path, reader: int = 2) -> tuple[str | Path, ...]:
    return ("pkcs11-tool", "--module", "opensc-pkcs11.so", "--slot-index", str(reader), *arguments)


def signing(pin: str, digest: Path, signature: Path, reader: int = 2) -> tuple[str | Path, ...]:
    what = ("--sign", "--mechanism", "ECDSA", "--id", "01", "-i", digest, "-o", signature)
    return pkcs11("--login", "--pin", pin, *what, reader=reader)


def digest_file(tmp_path: Path, text: bytes) -> Path:
    path = tmp_path / hashlib.sha256(text).hexdigest()[:8]
    path.write_bytes(hashlib.sha256(text).digest())
    return path


def check(certificate: x509.Certificate, signature: bytes, digest: bytes) -> None:
    """Raises InvalidSignature. PKCS#11 gives r and s in a row."""
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    half = len(signature) // 2
    der = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    key.verify(der, digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_opensc_knows_it_as_a_piv_card(staff: Any, run: Run, request: pytest.FixtureRequest) -> None:
    assert "Personal Identity Verification Card" in run("opensc-tool", "-r", "2", "-n").stdout

    serial = run("piv-tool", "-r", "2", "--serial").stdout
    assert serial.startswith(guid(request.node.name).bytes.hex(" ").upper())


def test_opensc_lists_and_reads_its_certificate(staff: Any, run: Run) -> None:
    listed = run("pkcs15-tool", "-r", "2", "--list-certificates").stdout
    assert listed.count("X.509 Certificate") == 1
    assert "Certificate for PIV Authentication" in listed

    read = run("pkcs15-tool", "-r", "2", "--read-certificate", "01").stdout
    assert x509.load_pem_x509_certificate(read.encode()) == staff.certificate


def test_it_signs_after_login_through_pkcs11(staff: Any, run: Run, tmp_path: Path) -> None:
    digest = digest_file(tmp_path, b"a challenge of the kiosk")

    run(*signing(PIN, digest, tmp_path / "signature"))

    check(staff.certificate, (tmp_path / "signature").read_bytes(), digest.read_bytes())


def test_wrong_pins_block_it_and_the_puk_opens_it_again(
    staff: Any, cards: Hand, run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    digest, signature = digest_file(tmp_path, b"x"), tmp_path / "signature"

    def tries() -> int:
        left: int = cards.state()["cards"][request.node.name]["pin_tries_left"]
        return left

    assert "CKR_PIN_INCORRECT" in run(*signing("111111", digest, signature), fails=True).stderr
    assert tries() == 2
    assert "1 tries left" in run(*yubico("-a", "verify-pin", "-P", "222222"), fails=True).stderr
    assert "blocked" in run(*yubico("-a", "verify-pin", "-P", "333333"), fails=True).stderr
    assert "CKR_PIN_LOCKED" in run(*signing(PIN, digest, signature), fails=True).stderr
    assert tries() == 0

    run(*yubico("-a", "unblock-pin", "-P", PUK, "-N", "654321"))
    assert tries() == 3
    run(*signing("654321", digest, signature))


def test_yubicos_tool_reads_it(staff: Any, run: Run) -> None:
    status = run(*yubico("-a", "status")).stdout
    assert "ECCP256" in status
    assert "Petugas Satu SPESIMEN" in status
    assert "PIN tries left:\t3" in status

    assert "Successfully verified PIN" in run(*yubico("-a", "verify-pin", "-P", PIN)).stderr
    read = run(*yubico("-a", "read-certificate", "-s", "9a")).stdout
    assert x509.load_pem_x509_certificate(read.encode()) == staff.certificate


def test_yubicos_tool_changes_the_pin(staff: Any, run: Run) -> None:
    run(*yubico("-a", "change-pin", "-P", PIN, "-N", "13571357"))

    run(*yubico("-a", "verify-pin", "-P", PIN), fails=True)
    run(*yubico("-a", "verify-pin", "-P", "13571357"))


def test_yubicos_tool_makes_a_staff_card_of_a_blank_one(
    cards: Hand,
    run: Run,
    make_staff: MakeStaff,
    wait_for_card: Wait,
    pem_files: Callable[..., dict[str, Path]],
    tmp_path: Path,
) -> None:
    person = make_staff("Petugas Baru SPESIMEN")
    files = pem_files(person)
    cards.do("insert", slot="operator", serial="blank staff card", kind="piv")
    wait_for_card()

    run(*yubico("-a", "set-mgm-key", "-n", AES_KEY.hex() + "20" * 8))
    assert (
        "Failed authentication" in run(*yubico("-a", "import-key", "-s", "9a", "-i", files["key"]), fails=True).stderr
    )
    by_key = (f"-k{AES_KEY.hex()}{'20' * 8}",)
    run(*yubico(*by_key, "-a", "import-key", "-s", "9a", "-i", files["key"]))
    run(*yubico(*by_key, "-a", "import-certificate", "-s", "9a", "-i", files["certificate"]))
    run(*yubico("-a", "verify-pin", "-P", PIN, "-a", "test-signature", "-s", "9a", "-i", files["certificate"]))

    digest = digest_file(tmp_path, b"the new one")
    run(*signing(PIN, digest, tmp_path / "signature"))
    check(person.certificate, (tmp_path / "signature").read_bytes(), digest.read_bytes())


def test_a_key_is_made_on_the_card(staff: Any, run: Run) -> None:
    made = run(*yubico("-a", "generate", "-s", "9d", "-A", "ECCP256")).stdout

    public = load_pem_public_key(made.encode())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"


def test_opensc_manages_it_with_a_key_of_aes(staff: Any, run: Run, tmp_path: Path) -> None:
    key_file = tmp_path / "management-key"

    def by_key(key: bytes, algorithm: str, *then: str, fails: bool = False) -> str:
        key_file.write_text(key.hex(":"))
        # M: both sides prove that they have the key. The other way (A) of OpenSC 0.23 sends no second command at all.
        arguments = ("-A", f"M:9B:{algorithm}", *then)
        done = run("piv-tool", "-r", "2", *arguments, fails=fails, PIV_EXT_AUTH_KEY=str(key_file))
        return done.stdout + done.stderr

    change = bytes((0x00, 0xFF, 0xFF, 0xFF, 19, 0x08, 0x9B, 16)) + AES_KEY
    assert "SW1=0x90" in by_key(bytes.fromhex(FACTORY_KEY), "03", "-s", change.hex())
    by_key(bytes.fromhex(FACTORY_KEY), "03", fails=True)
    by_key(AES_KEY, "08")
    by_key(AES_KEY[::-1], "08", fails=True)


def test_two_staff_cards_sign_in_two_readers_at_once(
    staff: Any, cards: Hand, make_staff: MakeStaff, wait_for_card: Wait, card_tools: dict[str, str], tmp_path: Path
) -> None:
    other = make_staff("Petugas Dua SPESIMEN")
    cards.do("issue_staff", slot="encoder", serial="two at once", pin="24682468", **other.pem)
    wait_for_card("encoder")
    digest = digest_file(tmp_path, b"both")
    commands = {
        "staff": signing(PIN, digest, tmp_path / "staff", reader=2),
        "other": signing("24682468", digest, tmp_path / "other", reader=0),
    }

    both = [
        subprocess.Popen([str(part) for part in command], env=card_tools, stdout=subprocess.DEVNULL)
        for command in commands.values()
    ]
    assert [process.wait(60) for process in both] == [0, 0]

    for person, name in ((staff, "staff"), (other, "other")):
        check(person.certificate, (tmp_path / name).read_bytes(), digest.read_bytes())


def test_two_cards_in_one_field_answer_neither(staff: Any, cards: Hand, card_tools: dict[str, str]) -> None:
    def until(words: str) -> None:
        """pcscd looks every 0.4 s."""
        deadline = time.monotonic() + 10
        command = ["opensc-tool", "-r", "2", "-n"]
        while words not in (said := subprocess.run(command, env=card_tools, capture_output=True, text=True)).stdout:
            if words in said.stderr:
                return
            assert time.monotonic() < deadline, said
            time.sleep(0.05)

    cards.do("fault", slot="operator", two_cards=True)
    until("Unresponsive card")

    cards.do("fault", slot="operator", two_cards=False)
    until("Personal Identity Verification Card")
