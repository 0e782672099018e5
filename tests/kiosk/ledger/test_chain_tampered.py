"""Tampered audit logs, each found by a verifier that knows the last head that the Dinas holds.

Some of them here, 10,000 in make test-long. The seed is printed; AUDIT_SEED and AUDIT_RUNS ask for other runs,
AUDIT_ONLY=n replays one of them.
"""

from __future__ import annotations

import base64
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from joserfc import jws
from joserfc.jwk import ECKey

sys.path.insert(0, str(Path(__file__).parent))

from tampering import KINDS, UNSEEN_ALONE, Victim, read, tamper  # found through the line above

from kiosk.dinas.contract import AuditTaken
from kiosk.ledger import chain, events
from kiosk.ledger.chain_file import UnreadableError, check_folder
from kiosk.ledger.database import FILE
from kiosk.ledger.ledger import Ledger
from kiosk.maintenance.findings import Level
from kiosk.maintenance.ledger.audit_verify import examine_chain
from kiosk.maintenance.ledger.heads import Trusted, read_head

SAMPLE = 2000
RUNS = int(os.environ.get("AUDIT_RUNS", "10000"))
SEED = int(os.environ.get("AUDIT_SEED", "20261124"))
ONLY = os.environ.get("AUDIT_ONLY")
ENTRIES, HEAD = 20, 15  # of the log; the Dinas has seen so many of them
KIOSK = "adm-tuban-01"


class Keys:
    """The authority of the Dinas, its witness, and the kiosk."""

    def __init__(self) -> None:
        self.root = ec.generate_private_key(ec.SECP256R1())
        self.witness = ec.generate_private_key(ec.SECP256R1())
        self.kiosk = ec.generate_private_key(ec.SECP256R1())
        self.authority = self._certificate("Akar Coba", self.root, authority=True)
        self.witness_certificate = self._certificate("Saksi Coba", self.witness)
        self.kiosk_certificate = self._certificate(KIOSK, self.kiosk, client=True)
        self.signer = chain.HeadSigner(KIOSK, _pem(self.kiosk))
        self.trusted = Trusted(
            keys=((KIOSK, self.kiosk.public_key()),),
            authorities=(self.authority,),
            kiosk=KIOSK,
            kiosk_key=self.kiosk.public_key(),
        )

    def witnessed(self, head: str) -> str:
        """The same payload, signed by the Dinas."""
        payload = jws.extract_compact(head.encode()).payload
        der = self.witness_certificate.public_bytes(serialization.Encoding.DER)
        header = {"alg": "ES256", "x5c": [base64.b64encode(der).decode()]}
        return jws.serialize_compact(header, payload, ECKey.import_key(_pem(self.witness)))

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool = False, client: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Akar Coba")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if client:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        return builder.sign(self.root, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


async def write(ledger: Ledger, count: int) -> None:
    """Entries as a day brings them."""
    for n in range(count):
        match n % 4:
            case 0:
                await ledger.record(events.LoggedIn(actor=events.APPLICANT, way="pin", documents=n))
            case 1:
                await ledger.record(events.DeviceMissing(actor=events.system("engine"), device="card", state="no"))
            case 2:
                await ledger.record(events.NikRefused(actor=events.APPLICANT, fault="date"))
            case _:
                await ledger.record(events.LoggedOut(actor=events.APPLICANT))


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


@pytest.fixture
def memory() -> Iterator[Path]:
    """In memory: ten thousand copies of a file need no disk."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def victim(memory: Path, keys: Keys) -> Victim:
    """A real ledger, with its file at some earlier moments; the Dinas has witnessed its entry HEAD."""
    path = memory / "made" / FILE
    ledger = await Ledger.open(memory / "made")
    older = []
    for n in range(HEAD):
        older.append(path.read_bytes())
        await write(ledger, 1)
        if n == HEAD // 2:  # so that some of the older files hold a witness of their own
            (last,) = await ledger.audit_entries(n, 1)
            await ledger.audit_taken(AuditTaken(last.seq, keys.witnessed(keys.signer.sign(last))))
    (last,) = await ledger.audit_entries(HEAD - 1, 1)
    await ledger.audit_taken(AuditTaken(HEAD, keys.witnessed(keys.signer.sign(last))))
    await write(ledger, ENTRIES - HEAD)
    await ledger.close()
    content = path.read_bytes()
    return Victim(content, older, read(content, memory / "read.sqlite3"), HEAD, keys.signer)


def held(victim: Victim, keys: Keys) -> str:
    """The head that the Dinas holds."""
    row = victim.rows[victim.head - 1]
    return keys.witnessed(keys.signer.sign(chain.AuditEntry(row[0], row[1], "", {}, row[4], row[5])))


def level(folder: Path, tokens: list[str], keys: Keys) -> Level:
    """What the command would end with."""
    try:
        return max(finding.level for finding in examine_chain(folder, tokens, keys.trusted))
    except UnreadableError as error:
        return Level.BROKEN if "malformed" in str(error) or "not a database" in str(error) else Level.ATTENTION


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("runs", [SAMPLE, pytest.param(RUNS, marks=pytest.mark.long)], ids=["sample", "all"])
def test_every_tampered_log_is_found_with_the_head_that_the_dinas_holds(
    runs: int, victim: Victim, keys: Keys, memory: Path
) -> None:
    began = time.process_time()
    token = held(victim, keys)
    head = read_head(token, keys.trusted)
    folder, missed = memory / "tampered", []
    folder.mkdir()
    for n in range(runs) if ONLY is None else [int(ONLY)]:
        kind = KINDS[n % len(KINDS)]
        tamper(victim, kind, random.Random(f"{SEED}/{n}"), folder)
        if check_folder(folder, {head.seq: head.hash}).broken is None:
            missed.append(f"AUDIT_SEED={SEED} AUDIT_ONLY={n}: {kind}")
    print(f"AUDIT_SEED={SEED}: {runs} tampered logs, {len(missed)} missed, {time.process_time() - began:.1f} s")

    assert missed == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_finds_it_too_and_names_it_broken(kind: str, victim: Victim, keys: Keys, memory: Path) -> None:
    token, folder = held(victim, keys), memory / "tampered"
    folder.mkdir()
    levels = Counter()
    for n in range(25):
        tamper(victim, kind, random.Random(f"{SEED}/{kind}/{n}"), folder)
        levels[level(folder, [token], keys)] += 1

    assert levels == {Level.BROKEN: 25}


@pytest.mark.parametrize("kind", UNSEEN_ALONE)
def test_without_a_head_what_holds_by_itself_is_not_seen(kind: str, victim: Victim, memory: Path) -> None:
    """The control: it is the head that shows these."""
    folder = memory / "tampered"
    folder.mkdir()
    for n in range(25):
        tamper(victim, kind, random.Random(f"{SEED}/{kind}/{n}"), folder)

        assert check_folder(folder).broken is None


def test_the_stored_witness_shows_a_stolen_key_but_not_the_whole_file_of_an_older_day(
    victim: Victim, keys: Keys, memory: Path
) -> None:
    folder = memory / "tampered"
    folder.mkdir()
    tamper(victim, "re-sign", random.Random(SEED), folder)
    assert level(folder, [], keys) is Level.BROKEN  # the kiosk's signature is no witness

    (folder / FILE).write_bytes(victim.older[-1])
    assert level(folder, [], keys) is Level.OK
    assert level(folder, [held(victim, keys)], keys) is Level.BROKEN


async def test_the_log_as_it_was_and_an_honest_longer_one_pass(victim: Victim, keys: Keys, memory: Path) -> None:
    token, folder = held(victim, keys), memory / "made"
    assert level(folder, [token], keys) is Level.OK

    ledger = await Ledger.open(folder)
    await write(ledger, 30)
    await ledger.close()

    assert level(folder, [token], keys) is Level.OK
    assert check_folder(folder).tip[0] == ENTRIES + 30


def test_a_changed_byte_anywhere_in_the_file_is_harmless_or_found(victim: Victim, memory: Path) -> None:
    """Told by the rows: as plain SQLite reads them they are the same, or the check says that they are not."""
    print(f"AUDIT_SEED={SEED}")
    chance, folder = random.Random(SEED), memory / "tampered"
    folder.mkdir()
    path, heads = folder / FILE, {victim.head: victim.rows[victim.head - 1][5]}
    found = Counter()
    for n in range(400):
        content = bytearray(victim.content)
        if n % 10:
            content[chance.randrange(len(content))] = chance.randrange(256)
        else:
            del content[chance.randrange(4096, len(content)) :]
        path.write_bytes(content)
        try:
            with sqlite3.connect(path) as db:
                same = db.execute("SELECT seq, at, event, data, prev, hash FROM audit").fetchall() == victim.rows
        except (sqlite3.Error, UnicodeDecodeError):
            same = False
        try:
            passes = check_folder(folder, heads).broken is None
        except UnreadableError:
            passes = False
        found[same, passes] += 1
        assert same or not passes, f"AUDIT_SEED={SEED}, run {n}"

    assert found[False, False] > 5
    assert found[True, True] > 5
