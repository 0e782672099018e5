"""What all runs of the model share: certificates, settings, an empty ledger, and what is looked up but once."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path

from dinas_line import ANSWER_S, CONNECT_S
from little_kiosk import LittleKiosk

from drivers import registry
from hardware_sim.dinas.ca import Authority
from kiosk.documents.catalogue import Catalogue, load_catalogue
from kiosk.engine import identity
from kiosk.ledger.chain import HeadSigner
from kiosk.ledger.database import Database
from kiosk.settings import Settings

_KNOWN = registry.known
SHM = Path("/dev/shm")  # where fsync costs nothing; else the system's own temporary folder
BEGINNING = datetime(2026, 11, 24, 3, tzinfo=UTC)
PATIENCE: dict[str, dict[str, float]] = {
    "visit": {
        "idle_s": 20.0, "idle_personal_s": 12.0, "still_there_s": 8.0, "longest_s": 120.0, "take_card_s": 10.0,
        "take_paper_s": 15.0, "thanks_s": 5.0,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """What all runs share: certificates, settings, an empty ledger."""

    folder: Path
    settings: Settings
    authority: Authority
    catalogue: Catalogue


@cache
def site() -> Site:
    """Made once in a process, and left to the end of it."""
    folder = Path(tempfile.mkdtemp(prefix="adm-model-", dir=SHM if SHM.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "kiosk").mkdir()
    authority = Authority(folder / "ca")
    little = LittleKiosk(folder / "kiosk", authority)
    little.tables |= PATIENCE
    little.tables |= {
        "paper_printer": {"queue": "a4", "device": "ipp://localhost:9/ipp/print", "seconds_per_document": 10},
        "card_printer": {"queue": "cr80", "device": "ipp://localhost:9/ipp/print", "seconds_per_document": 10},
        "ups": {"name": "adm", "serve_on_battery_s": 60.0},
    }
    little.tables["dinas"] |= {"connect_s": CONNECT_S, "answer_s": ANSWER_S}
    settings = little.settings()
    little.close()
    Database(folder / "empty", BEGINNING).close()
    return Site(folder, settings, authority, load_catalogue(Path(settings.documents.catalogue)))


@cache
def drivers() -> dict[str, EntryPoint]:
    """The installed drivers, looked for once: an engine starts fifteen times in a run."""
    return _KNOWN()


identify = cache(identity.identify)  # the same three files in all runs
signer = cache(HeadSigner.from_file)
