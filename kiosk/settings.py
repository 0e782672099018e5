"""The settings of one kiosk: ``config/kiosk.toml``, read once at start.

Each key is explained where it stands, in ``config/kiosk.toml``. A wrong one stops the start with a sentence that names
the file, the key, the value and what was expected; nothing is guessed and nothing unknown is passed over.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Port = Annotated[str, msgspec.Meta(min_length=1)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the settings file."""


class Site(Section, frozen=True):
    name: str
    help: str
    address: str = ""


class Paths(Section, frozen=True):
    state: str
    runtime: str


class Dinas(Section, frozen=True):
    url: Annotated[str, msgspec.Meta(pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])")]
    ca: str
    certificate: str
    key: str
    connect_s: Seconds = 6.0
    answer_s: Seconds = 12.0


class Trust(Section, frozen=True):
    document_roots: Annotated[list[str], msgspec.Meta(min_length=1)]
    card_roots: Annotated[list[str], msgspec.Meta(min_length=1)]


class Documents(Section, frozen=True):
    catalogue: str
    card_layouts: str


class Spooler(Section, frozen=True):
    server: str
    claims: str


class PaperPrinter(Section, frozen=True):
    queue: str
    device: str
    media: str = "iso_a4_210x297mm"
    dpi: Annotated[int, msgspec.Meta(ge=150, le=1200)] = 300
    seconds_per_document: Annotated[int, msgspec.Meta(ge=1, le=600)] = 60
    stall_s: Seconds = 120.0


class CardPrinterSettings(Section, frozen=True):
    queue: str
    device: str
    media: str = "om_cr80_54x86mm"
    width_px: Annotated[int, msgspec.Meta(ge=600, le=2100)] = 1016
    height_px: Annotated[int, msgspec.Meta(ge=400, le=1400)] = 638
    seconds_per_document: Annotated[int, msgspec.Meta(ge=1, le=600)] = 120
    stall_s: Seconds = 120.0


class ReceiptPrinter(Section, frozen=True):
    port: Port
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 38400
    width_px: Annotated[int, msgspec.Meta(ge=200, le=1000)] = 576


class CardReader(Section, frozen=True):
    reader: str


class QrScanner(Section, frozen=True):
    port: Port
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 9600


class Screen(Section, frozen=True):
    width: Annotated[int, msgspec.Meta(ge=600, le=4096)] = 1080
    height: Annotated[int, msgspec.Meta(ge=600, le=4096)] = 1920
    fullscreen: bool = True
    tree_socket: str | None = None


class Visit(Section, frozen=True):
    idle_s: Seconds = 60.0
    idle_personal_s: Seconds = 30.0
    still_there_s: Seconds = 20.0
    longest_s: Seconds = 300.0
    take_card_s: Seconds = 45.0
    take_paper_s: Seconds = 90.0
    thanks_s: Seconds = 20.0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. Devices that a kiosk does not have are left out (None)."""

    site: Site
    paths: Paths
    dinas: Dinas
    trust: Trust
    documents: Documents
    spooler: Spooler
    paper_printer: PaperPrinter | None = None
    card_printer: CardPrinterSettings | None = None
    receipt_printer: ReceiptPrinter | None = None
    card_reader: CardReader | None = None
    qr_scanner: QrScanner | None = None
    screen: Screen = Screen()
    visit: Visit = Visit()
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class SettingsError(Exception):
    """The settings cannot be used. The text names file, key, value and what was expected."""


def load(path: Path) -> Settings:
    """Read and check the settings file. Relative paths in it are relative to its folder."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file; expected the settings of this kiosk") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    try:
        return msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(_sentence(path, raw, str(error))) from error


def _sentence(path: Path, raw: dict[str, Any], complaint: str) -> str:
    """Turn msgspec's complaint (``Expected ..., got ... - at `$.a.b` ``) into one that names key and value."""
    what, _, where = complaint.partition(" - at `$")
    keys = [k for k in where.rstrip("`").replace("[", ".[").split(".") if k]
    if "unknown field" in what or "missing required field" in what:
        keys.append(what.split("`")[1])
        what = "no such key is known" if "unknown" in what else "the key is missing, and it has no default"
    value: Any = raw
    for key in keys:
        try:
            value = value[int(key[1:-1])] if key.startswith("[") else value[key]
        except (KeyError, TypeError, IndexError, ValueError):
            value = None
            break
    name = ".".join(keys).replace(".[", "[") or "the file"
    shown = "" if value is None else f" = {value!r}"
    return f"{path}: {name}{shown}: {what[0].lower()}{what[1:]}"
