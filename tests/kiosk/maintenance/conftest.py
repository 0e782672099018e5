"""A kiosk on real files: a CA, certificates and a settings file, which a test spoils in one place."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hardware_sim.printers.stand import PrintStand
from kiosk.__main__ import main
from kiosk.ledger.ledger import Ledger
from kiosk.maintenance.findings import Finding, Level
from kiosk.settings import Settings, load

KIOSK = "adm-coba-1"


class Authority:
    """A CA that signs what a test asks for."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(self._name, self._key.public_key(), days=(-1, 3650), authority=True)

    def issue(self, folder: Path, stem: str, name: str, days: tuple[float, float] = (-1, 365)) -> tuple[Path, Path]:
        """Files of a certificate and its key; ``days`` from now it begins and ends."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate_file, key_file = folder / f"{stem}.pem", folder / f"{stem}.key"
        certificate_file.write_bytes(self._signed(subject, key.public_key(), days, authority=False))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key_file.chmod(0o640)
        return certificate_file, key_file

    def _signed(self, subject: x509.Name, key: Any, days: tuple[float, float], *, authority: bool) -> bytes:
        now = datetime.now(UTC)
        names = [x509.DNSName("localhost")]
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            # Python 3.13 takes no certificate without these (RFC 5280, 4.2.1.1 and 4.2.1.2).
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(_usage(authority=authority), critical=True)
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _usage(*, authority: bool) -> x509.KeyUsage:
    for_this = ("key_cert_sign", "crl_sign") if authority else ("digital_signature",)
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in for_this for name in names})


@dataclass
class Site:
    """A settings file and what it names."""

    folder: Path
    authority: Authority

    @property
    def path(self) -> Path:
        return self.folder / "kiosk.toml"

    def settings(self, **changes: dict[str, Any]) -> Settings:
        tables: dict[str, dict[str, Any]] = {
            "site": {"name": "Anjungan Coba", "help": "Di loket 1."},
            "paths": {"state": "state", "runtime": "runtime"},
            "dinas": {"url": "https://localhost:9", "ca": "ca.pem", "certificate": "kiosk.pem", "key": "kiosk.key"},
            "trust": {"document_roots": ["ca.pem"], "card_roots": ["ca.pem"]},
            "documents": {"catalogue": "documents.toml", "card_layouts": "card_layouts"},
            "spooler": {"server": str(self.folder / "cups.sock"), "claims": "claims"},
        }
        for table, values in changes.items():
            tables[table] = {**tables.get(table, {}), **values}
        # The values are texts, numbers and lists of texts: their repr is TOML.
        lines = [
            line
            for name, table in tables.items()
            for line in (f"[{name}]", *(f"{k} = {v!r}" for k, v in table.items()))
        ]
        self.path.write_text("\n".join(lines))
        return load(self.path)


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority("Akar Coba")


@pytest.fixture
def site(tmp_path: Path, authority: Authority) -> Site:
    for name in ("state", "claims", "runtime"):
        (tmp_path / name).mkdir()
    (tmp_path / "ca.pem").write_bytes(authority.certificate)
    authority.issue(tmp_path, "kiosk", KIOSK)
    return Site(tmp_path, authority)


@pytest.fixture(scope="session")
def stand() -> Iterator[PrintStand]:
    with PrintStand() as stand:
        yield stand


@pytest.fixture
def memory_folder() -> Iterator[Path]:
    """A folder on a file system in memory."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def disk_folder() -> Iterator[Path]:
    """A folder on a disk. Debian 13 has /tmp in memory; /var/tmp outlives a restart (file-hierarchy(7))."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def about() -> Callable[[Iterable[Finding], str], Finding]:
    """Gives the one finding about a subject; one that is not ok must come with a way out."""

    def about(findings: Iterable[Finding], subject: str) -> Finding:
        (found,) = [finding for finding in findings if finding.subject == subject]
        assert bool(found.remedy) == (found.level is not Level.OK)
        return found

    return about


# -- the ledger on the command line


@pytest.fixture
def state(site: Site) -> Path:
    """The folder of the ledger that the settings name."""
    site.settings()
    return site.folder / "state"


@pytest.fixture
def run(site: Site) -> Callable[..., Result]:
    """Runs ``adm-kiosk ledger`` with these words; ``typed`` is what a person answers."""

    def run(*words: str, typed: str | None = None) -> Result:
        arguments = ["ledger", *words, "--settings", str(site.path)]
        return CliRunner().invoke(main, arguments, input=typed, env={"COLUMNS": "120"}, catch_exceptions=False)

    return run


@pytest.fixture(scope="session")
def done() -> Callable[[Path, Callable[[Ledger], Awaitable[Any]]], Any]:
    """Does something with the ledger of a folder, as the engine would, and answers what came of it."""

    def done(folder: Path, act: Callable[[Ledger], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            ledger = await Ledger.open(folder)
            try:
                return await act(ledger)
            finally:
                await ledger.close()

        return asyncio.run(run())

    return done
