"""``adm-kiosk audit verify`` and ``ledger export``: real ledger and outbox, and the simulated Dinas as witness."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from hardware_sim.dinas import audit as dinas_audit
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.model import AuditEntry as KnownEntry
from kiosk.__main__ import main
from kiosk.dinas.contract import AuditEntry, AuditTaken, Outcome
from kiosk.ledger import events
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.database import FILE
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.outbox import Outbox

KIOSK = "adm-coba-1"


class Dinas:
    """The Dinas' own rules for audit entries and its own witness, without the line in between."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.certificate, self.key = self.authority.kiosk_certificate(KIOSK)
        self._engine = create_engine("sqlite://")
        KnownEntry.metadata.create_all(self._engine)
        self.heads: list[str] = []
        self.witnesses: list[str] = []

    async def outcome(self, attempt_id: str, outcome: Outcome) -> None:
        """Takes any."""

    async def hand_over_audit(self, entries: Sequence[AuditEntry], head: str) -> AuditTaken:
        given = [dinas_audit.Entry(e.seq, e.at, e.event, e.data, e.prev, e.hash) for e in entries]
        der = x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_bytes(Encoding.DER)
        with Session(self._engine) as session:
            taken = dinas_audit.take(session, KIOSK, given, head, der, self.authority.witness)
            session.commit()
        self.heads.append(head)
        self.witnesses.append(taken.witness)
        return AuditTaken(taken.up_to, taken.witness)


class Scene:
    """A kiosk whose ledger the Dinas has seen a part of."""

    def __init__(self, site, dinas: Dinas) -> None:
        self.dinas = dinas
        self.path = site.path
        self.folder = site.folder / "state"
        own = {"ca": str(dinas.authority.root_path("tls")), "certificate": str(dinas.certificate)}
        site.settings(dinas={**own, "key": str(dinas.key)})

    def grow(self, count: int, *, hand_over: bool = False, since: datetime | None = None) -> None:
        asyncio.run(self._grow(count, hand_over, since))

    async def _grow(self, count: int, hand_over: bool, since: datetime | None) -> None:
        now = {"now": lambda: since} if since else {}
        ledger = await Ledger.open(self.folder, **now)
        for n in range(count):
            await ledger.record(events.LoggedIn(actor=events.APPLICANT, way="pin", documents=n))
        if hand_over:
            signer = HeadSigner(KIOSK, self.dinas.key.read_bytes())
            await Outbox(ledger, self.dinas, signer).flush()
        await ledger.close()

    def sql(self, *statements: str) -> None:
        with sqlite3.connect(self.folder / FILE) as db:
            for trigger in ("audit_is_not_changed", "audit_is_not_deleted"):
                db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            for statement in statements:
                db.execute(statement)

    def head(self, token: str, name: str = "head.jws") -> str:
        path = self.path.parent / name
        path.write_text(token)
        return str(path)

    def verify(self, *words: str, typed: str | None = None) -> Result:
        return self.run("audit", "verify", *words, typed=typed)

    def run(self, *words: str, typed: str | None = None) -> Result:
        arguments = [*words, "--settings", str(self.path)]
        return CliRunner().invoke(main, arguments, input=typed, env={"COLUMNS": "400"}, catch_exceptions=False)


@pytest.fixture
def scene(site, tmp_path: Path) -> Scene:
    scene = Scene(site, Dinas(tmp_path / "dinas"))
    scene.grow(8, hand_over=True)
    scene.grow(3)
    return scene


def test_a_whole_chain_passes_with_the_witness_that_the_ledger_keeps(scene: Scene) -> None:
    told = scene.verify()
    assert told.exit_code == 0, told.output
    assert "utuh: 11 catatan" in told.output
    assert "Saksi di buku" in told.output
    assert "ditandatangani Saksi Audit Uji (SPESIMEN)" in told.output


@pytest.mark.parametrize("whose", ["witnesses", "heads"])
def test_it_passes_with_either_head_that_the_dinas_holds(whose: str, scene: Scene) -> None:
    token = getattr(scene.dinas, whose)[-1]
    told = scene.verify("--head", scene.head(token))
    assert told.exit_code == 0, told.output
    assert scene.verify("--head", "-", typed=token + "\n").exit_code == 0
    assert ("tanda tangan anjungan sendiri" in told.output) is (whose == "heads")


def test_without_any_witness_it_says_that_the_tail_cannot_be_seen(scene: Scene) -> None:
    scene.sql("UPDATE audit_handover SET up_to = 0, witness = NULL")
    told = scene.verify()
    assert told.exit_code == 1
    assert "Minta kepala rantai terakhir anjungan ini kepada Dinas" in told.output


GONE = "putus di catatan 8: pernah disaksikan dan sekarang tidak ada; sampai catatan 6 rantai ini sambung"
CUT = "DELETE FROM audit WHERE seq > 6"
CHANGES = {
    "edited": ("UPDATE audit SET data = replace(data, '3', '4') WHERE seq = 4", "putus di catatan 4: isinya diubah"),
    "deleted": ("DELETE FROM audit WHERE seq = 5", "putus di catatan 6: tidak menyambung"),
    "cut": (CUT, GONE),
    "cut and forgotten": (CUT, "UPDATE audit_handover SET up_to = 6, witness = NULL", GONE),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_done_to_it_is_said_with_the_entry_and_what_to_do(change: tuple[str, ...], scene: Scene) -> None:
    *statements, said = change
    scene.sql(*statements)
    told = scene.verify("--head", scene.head(scene.dinas.witnesses[-1]))
    assert told.exit_code == 2
    assert said in told.output
    assert "systemctl stop adm-kiosk-engine" in told.output


def test_what_the_ledger_says_of_the_handover_must_agree_with_its_chain(scene: Scene) -> None:
    scene.sql("UPDATE audit_handover SET up_to = 99")
    told = scene.verify()
    assert told.exit_code == 2
    assert "Dinas sudah menerima sampai catatan 99, buku hanya sampai 11" in told.output
    scene.sql("UPDATE audit_handover SET up_to = 2")
    assert "menyaksikan catatan 8, padahal buku mencatat serah terima sampai 2" in scene.verify().output


def test_two_signed_heads_that_differ_show_a_fork(scene: Scene) -> None:
    signer = HeadSigner(KIOSK, scene.dinas.key.read_bytes())
    other = signer.sign(AuditEntry(8, "2026-03-02T08:00:00Z", "", {}, "0" * 64, "f" * 64))
    told = scene.verify("--head", scene.head(scene.dinas.witnesses[-1]), "--head", scene.head(other, "other.jws"))
    assert told.exit_code == 2
    assert "Rantai ini bercabang" in told.output


def _forged(scene: Scene) -> str:
    head, payload, signature = scene.dinas.witnesses[-1].split(".")
    return f"{head}.{payload}.{'A' * len(signature)}"


def _of_another_kiosk(scene: Scene) -> str:
    """Signed by a kiosk's key under the Dinas' authority, its certificate in the header: no witness."""
    certificate, key = scene.dinas.authority.kiosk_certificate("adm-lain-9")
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)
    payload = jws.extract_compact(scene.dinas.heads[-1].encode()).payload
    header = {"alg": "ES256", "x5c": [b64encode(der).decode()]}
    return jws.serialize_compact(header, payload, ECKey.import_key(key.read_bytes()))


def _naming_another_kiosk(scene: Scene) -> str:
    signer = HeadSigner("adm-lain-9", scene.dinas.key.read_bytes())
    return signer.sign(AuditEntry(8, "2026-03-02T08:00:00Z", "", {}, "0" * 64, "f" * 64))


BAD_HEADS: dict[str, tuple[Callable[[Scene], str], str]] = {
    "forged": (_forged, "tanda tangannya palsu"),
    "another kiosk's key": (_of_another_kiosk, "adalah sertifikat anjungan; saksi rantai harus Dinas"),
    "of another kiosk": (_naming_another_kiosk, "ini milik anjungan adm-lain-9, bukan adm-coba-1"),
    "no head": (lambda _scene: "halo", "bukan tulisan bertanda tangan"),
}


@pytest.mark.parametrize("bad", BAD_HEADS.values(), ids=BAD_HEADS)
def test_a_head_that_proves_nothing_is_not_counted(bad: tuple[Callable[[Scene], str], str], scene: Scene) -> None:
    make, said = bad
    told = scene.verify("--head", scene.head(make(scene)))
    assert told.exit_code == 1
    assert said in told.output


def test_a_witness_that_somebody_wrote_into_the_ledger_is_found(scene: Scene) -> None:
    scene.sql(f"UPDATE audit_handover SET witness = '{_forged(scene)}'")
    assert scene.verify().exit_code == 2
    scene.sql(f"UPDATE audit_handover SET witness = '{scene.dinas.heads[-1]}'")
    told = scene.verify()
    assert told.exit_code == 2
    assert "ditandatangani anjungan sendiri, bukan Dinas" in told.output


def test_a_copy_is_checked_on_another_machine_with_the_authority_alone(scene: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(scene.folder, copy)
    asked = ["audit", "verify", "--folder", str(copy), "--head", scene.head(scene.dinas.witnesses[-1])]
    with_key = CliRunner().invoke(main, [*asked, "--key", str(scene.dinas.authority.root_path("tls"))])
    without = CliRunner().invoke(main, asked)
    assert with_key.exit_code == 0, with_key.output
    assert without.exit_code == 1
    assert "--key" in without.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--head", "/nowhere/head.jws"], "/nowhere/head.jws: tidak dapat dibaca"),
        (["--key", "/nowhere/ca.pem"], "/nowhere/ca.pem: tidak dapat dibaca"),
        (["--folder", "/nowhere"], "/nowhere/ledger.sqlite3: unable to open"),
    ],
    ids=["head", "key", "folder"],
)
def test_what_is_not_there_is_named(asked: list[str], said: str, scene: Scene) -> None:
    told = scene.verify(*asked)
    assert told.exit_code == 1
    assert said in told.output


async def test_the_engine_goes_on_writing_while_the_chain_is_checked(scene: Scene) -> None:
    ledger = await Ledger.open(scene.folder)
    checking = [asyncio.create_task(asyncio.to_thread(scene.verify)) for _ in range(3)]
    written = 0
    while not all(task.done() for task in checking):
        await ledger.record(events.LoggedOut(actor=events.APPLICANT))
        written += 1
    await ledger.close()
    assert written > 3
    assert [task.result().exit_code for task in checking] == [0, 0, 0]


# -- export


def days(moment: datetime) -> tuple[str, str, str, str]:
    day = moment.astimezone().date()
    return ("--from", (day - timedelta(days=1)).isoformat(), "--to", (day + timedelta(days=1)).isoformat())


def test_an_export_is_checked_again_without_the_kiosk(scene: Scene, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = scene.run("ledger", "export", *days(datetime.now(UTC)), "--out", str(out))
    assert made.exit_code == 0, made.output
    assert {path.name for path in out.iterdir()} == {
        "attempts.csv", "phases.csv", "outcomes.csv", "blanks.csv", "audit.csv", "manifest.jws",
    }  # fmt: skip
    assert len((out / "audit.csv").read_text().splitlines()) == 12

    told = scene.verify("--export", str(out), "--head", scene.head(scene.dinas.witnesses[-1]))
    assert told.exit_code == 0, told.output
    assert "utuh" in told.output


@pytest.mark.parametrize("name", ["attempts.csv", "audit.csv", "manifest.jws"])
def test_an_export_that_was_changed_is_found(name: str, scene: Scene, tmp_path: Path) -> None:
    out = tmp_path / "out"
    scene.run("ledger", "export", *days(datetime.now(UTC)), "--out", str(out))
    text = (out / name).read_text()
    (out / name).write_text(text.replace("pin", "nip") if name == "audit.csv" else text[:-40] + "A" * 39 + "\n")
    told = scene.verify("--export", str(out))
    assert told.exit_code == (1 if name == "manifest.jws" else 2), told.output


def test_an_export_of_some_days_holds_their_stretch_of_the_chain_only(scene: Scene, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=10)
    scene.grow(4, since=later)
    out = tmp_path / "out"
    assert scene.run("ledger", "export", *days(later), "--out", str(out)).exit_code == 0
    assert [line.split(",")[0] for line in (out / "audit.csv").read_text().splitlines()[1:]] == ["12", "13", "14", "15"]

    told = scene.verify("--export", str(out))
    assert told.exit_code == 1  # whole, and the witness lies before these days
    assert "catatan 8 di luar salinan ini (12 sampai 15)" in told.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--from", "2026-03-02", "--to", "2026-03-01"], "tukar keduanya"),
        (["--from", "kemarin", "--to", "2026-03-01"], "'kemarin': bukan tanggal"),
    ],
    ids=["swapped", "no-date"],
)
def test_days_that_cannot_be_are_named(asked: list[str], said: str, scene: Scene, tmp_path: Path) -> None:
    told = scene.run("ledger", "export", *asked, "--out", str(tmp_path / "out"))
    assert told.exit_code == 1
    assert said in told.output


def test_an_export_is_not_written_over_another(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("")
    told = scene.run("ledger", "export", *days(datetime.now(UTC)), "--out", str(tmp_path / "out"))
    assert told.exit_code == 1
    assert "sudah berisi" in told.output


def test_no_file_of_an_export_holds_a_number_as_long_as_a_nik(scene: Scene, tmp_path: Path) -> None:
    scene.run("ledger", "export", *days(datetime.now(UTC)), "--out", str(tmp_path / "out"))
    for path in (tmp_path / "out").glob("*.csv"):
        words = re.findall(r"(?<![0-9a-f-])[0-9]{16}(?![0-9a-f-])", path.read_text())
        assert words == [], path
