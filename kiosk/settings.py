"""The settings of one kiosk: ``config/kiosk.toml``, read once at start.

Each key is explained where it stands, in ``config/kiosk.toml``. A wrong one stops the start with a sentence that names
the file, the key, the value and what was expected; nothing is guessed and nothing unknown is passed over. Whether the
files and devices that are named are there is not asked here but by the engine's start and by the doctor.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec


class LocalPath(str):
    """A path on this machine. Written relative to the settings file, it is absolute once the settings are read."""

    __slots__ = ()


# The description of a kind of value is what the sentence about a wrong one says was expected.
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600, description="seconds, more than 0 and at most 3600")]
Text = Annotated[str, msgspec.Meta(min_length=1, description="a text that is not empty")]
SerialPort = Annotated[str, msgspec.Meta(min_length=1, description="a serial line, such as /dev/adm-receipt")]
_TCP_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
ReceiptPort = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^(/.+|usb:/.+|tcp://([^\s/:@\[\]]+|\[[0-9A-Fa-f:.]+\]):{_TCP_PORT})$",
        description="a serial line such as /dev/adm-receipt, a USB printer device such as usb:/dev/usb/lp0, "
        "or a TCP port such as tcp://192.168.1.50:9100",
    ),
]
PrinterAddress = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^ipps?://[^/]+", description="the printer's own address, such as ipp://localhost:8631/ipp/print"
    ),
]
QueueName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\s/#?'\"]{1,127}$", description="the name of a CUPS queue, without space, / # ? or quotes"
    ),
]
MediaName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z0-9_.-]+_[0-9.]+x[0-9.]+(mm|in)$", description="a PWG media name, such as iso_a4_210x297mm"
    ),
]
DinasAddress = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(https://[^/]|http://(127\.0\.0\.1|localhost|\[::1\])([:/]|$))",
        description="an https address (plain http only for loopback: 127.0.0.1, localhost or [::1])",
    ),
]
SpoolerAddress = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(/.+|[^/]+:[0-9]{1,5})$",
        description="the absolute path of cupsd's socket, such as /run/cups/cups.sock, or host:port",
    ),
]
UpsName = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", description="the name of the UPS in ups.conf, such as adm")
]
Roots = Annotated[list[LocalPath], msgspec.Meta(min_length=1, description="a list of at least one file")]


def _whole(least: int, most: int, what: str) -> msgspec.Meta:
    return msgspec.Meta(ge=least, le=most, description=f"{what}, a whole number from {least} to {most}")


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the settings file."""


class Site(Section, frozen=True):
    name: Text
    help: Text
    address: str = ""


class Paths(Section, frozen=True):
    state: LocalPath
    runtime: LocalPath


class Dinas(Section, frozen=True):
    url: DinasAddress
    ca: LocalPath
    certificate: LocalPath
    key: LocalPath
    connect_s: Seconds = 6.0
    answer_s: Seconds = 12.0


class Trust(Section, frozen=True):
    document_roots: Roots
    card_roots: Roots


class Documents(Section, frozen=True):
    catalogue: LocalPath
    card_layouts: LocalPath


class Spooler(Section, frozen=True):
    server: SpoolerAddress
    claims: LocalPath


class PaperPrinter(Section, frozen=True):
    queue: QueueName
    device: PrinterAddress
    media: MediaName = "iso_a4_210x297mm"
    dpi: Annotated[int, _whole(150, 600, "dots per inch")] = 300
    seconds_per_document: Annotated[int, _whole(1, 600, "seconds")] = 60
    stall_s: Seconds = 120.0


class CardPrinterSettings(Section, frozen=True):
    queue: QueueName | None = None  # this and device: of the CUPS driver, which wants them
    device: PrinterAddress | None = None
    media: MediaName = "om_cr80_54x86mm"
    width_px: Annotated[int, _whole(600, 2100, "pixels")] = 1016
    height_px: Annotated[int, _whole(400, 1400, "pixels")] = 638
    seconds_per_document: Annotated[int, _whole(1, 600, "seconds")] = 120
    stall_s: Seconds = 120.0
    cards_before_rest: Annotated[int, _whole(0, 10_000, "cards in a row, 0 for no limit")] = 0
    rest_minutes: Annotated[float, msgspec.Meta(gt=0, le=1440, description="minutes, more than 0 and at most 1440")] = (
        10.0
    )
    cards_per_day: Annotated[int, _whole(0, 100_000, "cards, 0 for no limit")] = 0
    driver: Text = "cups-card"
    options: dict[str, Any] = {}  # checked by the driver, at the engine's start


class Blanks(Section, frozen=True):
    low: Annotated[int, _whole(0, 10_000, "cards")] = 50
    reserved: Annotated[int, _whole(0, 10_000, "cards, 0 for no reserve")] = 20
    empty_after_s: Seconds = 120.0


class CardDispenser(Section, frozen=True):
    port: SerialPort
    baud: Literal["auto", 9600, 19200, 38400, 57600, 115200] = "auto"
    address: Annotated[int, _whole(0, 15, "the address that its DIP switches say")] = 0
    variant: Literal["auto", "m001", "r02", "h001"] = "auto"


class ReceiptPrinter(Section, frozen=True):
    port: ReceiptPort
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 38400
    width_px: Annotated[int, _whole(200, 1000, "printable dots")] = 576


class CardReader(Section, frozen=True):
    reader: Text


class QrScanner(Section, frozen=True):
    port: SerialPort
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 9600


Address = Annotated[int, _whole(0, 65535, "an address on the board, counted from 0")]


class Cabinet(Section, frozen=True):
    port: SerialPort
    baud: Literal[9600, 19200, 38400, 57600, 115200] = 19200
    parity: Literal["none", "even", "odd"] = "none"
    unit: Annotated[int, _whole(1, 247, "the number of the board on its bus")] = 1
    service_door: Address | None = None
    paper_door: Address | None = None
    card_door: Address | None = None
    call_button: Address | None = None
    key_switch: Address | None = None
    card_slot_lamp: Address | None = None
    paper_tray_lamp: Address | None = None
    receipt_slot_lamp: Address | None = None
    scanner_lamp: Address | None = None
    watchdog_register: Address | None = None
    watchdog_value: Annotated[int, _whole(0, 65535, "a value of the register")] = 30


class Ups(Section, frozen=True):
    name: UpsName
    host: Text = "127.0.0.1"
    port: Annotated[int, _whole(1, 65535, "a port of TCP")] = 3493
    serve_on_battery_s: Seconds = 120.0


class Screen(Section, frozen=True):
    width: Annotated[int, _whole(600, 4096, "pixels")] = 1080
    height: Annotated[int, _whole(600, 4096, "pixels")] = 1920
    fullscreen: bool = True
    tree_socket: LocalPath | None = None


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
    blanks: Blanks = Blanks()
    card_dispenser: CardDispenser | None = None
    receipt_printer: ReceiptPrinter | None = None
    card_reader: CardReader | None = None
    qr_scanner: QrScanner | None = None
    cabinet: Cabinet | None = None
    ups: Ups | None = None
    screen: Screen = Screen()
    visit: Visit = Visit()
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class SettingsError(Exception):
    """The settings cannot be used. The text names file, key, value and what was expected."""


def load(path: Path) -> Settings:
    """Read and check the settings file. Relative paths in it are relative to its folder, and absolute in the result."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file; expected the settings of this kiosk") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); expected the settings of this kiosk") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    folder = path.resolve().parent

    def local_path(kind: type, value: Any) -> LocalPath:
        if not isinstance(value, str) or not value:
            raise ValueError("not a path")
        return LocalPath(folder / value)

    try:
        return msgspec.convert(raw, Settings, dec_hook=local_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {_sentence(raw, str(error))}") from error


def _sentence(raw: dict[str, Any], complaint: str) -> str:
    """Turn msgspec's complaint (``... - at `$.a.b` ``) into one that names key, value and what was expected."""
    what, _, where = complaint.partition(" - at `$")
    keys = [key for key in where.rstrip("`").replace("[", ".[").split(".") if key]
    name = ".".join(keys).replace(".[", "[")
    if "missing required field" in what:
        missing = what.split("`")[1]
        kind = _kind([*keys, missing])
        wanted = f"a table [{missing}]" if isinstance(kind, msgspec.inspect.StructType) else _expected(kind)
        return f"{'.'.join([*keys, missing])} is missing; expected {wanted}"
    if "unknown field" in what:
        return _unknown_key(raw, keys, what.split("`")[1])
    return f"{name} = {_value(raw, keys)!r}; expected {_expected(_kind(keys))}"


def _unknown_key(raw: dict[str, Any], keys: list[str], key: str) -> str:
    kind = _kind(keys)
    known = [field.encode_name for field in kind.fields] if isinstance(kind, msgspec.inspect.StructType) else []
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"expected {near[0]}?" if near else f"expected one of {', '.join(known)}"
    value = _value(raw, [*keys, key])
    shown = "" if isinstance(value, dict) else f" = {value!r}"
    return f"{'.'.join([*keys, key])}{shown}: no such key is known; {hint}"


def _value(raw: Any, keys: list[str]) -> Any:
    for key in keys:
        raw = raw[int(key[1:-1])] if key.startswith("[") else raw[key]
    return raw


def _bare(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """The type without "or None", which TOML cannot write."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return next(part for part in kind.types if not isinstance(part, msgspec.inspect.NoneType))
    return kind


def _kind(keys: list[str]) -> msgspec.inspect.Type:
    """The type of the setting at these keys."""
    kind: msgspec.inspect.Type = msgspec.inspect.type_info(Settings)
    for key in keys:
        plain = kind.type if isinstance(kind, msgspec.inspect.Metadata) else kind
        if isinstance(plain, msgspec.inspect.ListType):
            kind = plain.item_type
        elif isinstance(plain, msgspec.inspect.StructType):
            kind = _bare(next(field.type for field in plain.fields if field.encode_name == key))
    return kind


def _expected(kind: msgspec.inspect.Type) -> str:
    """What a value of this type is, in words."""
    match kind:
        case msgspec.inspect.Metadata(extra_json_schema={"description": words}):
            return str(words)
        case msgspec.inspect.LiteralType(values=values):
            return f"one of {', '.join(str(value) for value in values)}"
        case msgspec.inspect.CustomType():
            return "a path on this machine"
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.StructType() | msgspec.inspect.DictType():
            return "a table of settings"
        case _:
            return "a text"
