"""Settings are read whole or not at all, and a wrong one is named in a sentence that a technician can act on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from kiosk.settings import CardDispenser, Settings, SettingsError, load

EXAMPLE = Path(__file__).parents[2] / "config" / "kiosk.toml"


@pytest.fixture
def write(tmp_path: Path):
    """Writes the example with one passage changed, and gives the path."""

    def changed(old: str, new: str) -> Path:
        text = EXAMPLE.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in the example"
        path = tmp_path / "kiosk.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return changed


def test_the_example_is_valid() -> None:
    settings = load(EXAMPLE)

    assert settings.paper_printer is not None
    assert settings.paper_printer.queue == "adm-a4"
    assert settings.screen.tree_socket is None


def test_relative_paths_are_those_of_the_files_folder(write, tmp_path: Path) -> None:
    settings = load(write('document_roots = ["/etc/adm-kiosk/document-root.pem"]', 'document_roots = ["root.pem"]'))

    assert settings.trust.document_roots == [str(tmp_path / "root.pem")]
    assert settings.documents.catalogue == str(tmp_path / "documents.toml")
    assert settings.paths.state == "/var/lib/adm-kiosk"


def test_a_device_that_is_left_out_is_none(write) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    table = text[text.index("[card_reader]") : text.index("[qr_scanner]")]

    assert load(write(table, "")).card_reader is None


@pytest.mark.parametrize(
    "port", ["/dev/ttyUSB0", "usb:/dev/usb/lp0", "tcp://printer:9100", "tcp://10.0.0.7:65535", "tcp://[fe80::1]:1"]
)
def test_a_receipt_printer_is_on_a_serial_line_on_usb_or_on_the_network(write, port: str) -> None:
    assert load(write('port = "/dev/adm-receipt"', f'port = "{port}"')).receipt_printer.port == port


WRONG = [
    # in the example, what is written instead, what the sentence says after the file's name
    ("baud = 38400", "baud = 9601", "receipt_printer.baud = 9601; expected one of 9600, 19200, 38400, 57600, 115200"),
    ("baud = 38400", 'baud = "fast"', "receipt_printer.baud = 'fast'; expected one of 9600, 19200"),
    *(
        (
            'port = "/dev/adm-receipt"',
            f'port = "{port}"',
            f"receipt_printer.port = {port!r}; expected a serial line such as /dev/adm-receipt, a USB printer device",
        )
        for port in ("", "lp0", "tcp://printer", "tcp://printer:0", "tcp://printer:65536", "tcp://:9100", "usb:lp0")
    ),
    (
        'url = "https://dinas.example/adm"',
        'url = "http://dinas.example/adm"',
        "dinas.url = 'http://dinas.example/adm'; expected an https address (plain http only for loopback",
    ),
    # Not loopback, though it begins like it.
    ('url = "https://dinas.example/adm"', 'url = "http://localhost.example"', "dinas.url = 'http://localhost.example'"),
    ("connect_s = 6.0", "connect_s = 0", "dinas.connect_s = 0; expected seconds, more than 0 and at most 3600"),
    ("idle_s = 60.0", "idle_s = nan", "visit.idle_s = nan; expected seconds"),
    ("dpi = 300", "dpi = 72", "paper_printer.dpi = 72; expected dots per inch, a whole number from 150 to 600"),
    ("dpi = 300", "dpi = 300.5", "paper_printer.dpi = 300.5; expected dots per inch"),
    ('queue = "adm-a4"', 'queue = "adm a4"', "paper_printer.queue = 'adm a4'; expected the name of a CUPS queue"),
    ('device = "ipp://localhost:8631/ipp/print"', 'device = "/dev/lp0"', "paper_printer.device = '/dev/lp0'; expected"),
    (
        'card_roots = ["/etc/adm-kiosk/card-root.pem"]',
        "card_roots = []",
        "trust.card_roots = []; expected a list of at",
    ),
    ('card_roots = ["/etc/adm-kiosk/card-root.pem"]', "card_roots = [7]", "trust.card_roots[0] = 7; expected a path"),
    ('server = "/run/cups/cups.sock"', 'server = "cups.sock"', "spooler.server = 'cups.sock'; expected the absolute"),
    ("fullscreen = true", 'fullscreen = "yes"', "screen.fullscreen = 'yes'; expected true or false"),
    ('log_level = "info"', 'log_level = "loud"', "log_level = 'loud'; expected one of debug, error, info, warning"),
    ('name = "Mall', 'nam = "Mall', "site.nam = 'Mall Pelayanan Publik Tuban': no such key is known; expected name?"),
    (
        "call_button = 3",
        "call_button = -1",
        "cabinet.call_button = -1; expected an address on the board, counted from 0",
    ),
    ('parity = "none"', 'parity = "mark"', "cabinet.parity = 'mark'; expected one of even, none, odd"),
    (
        "# [card_dispenser]\n# port =",
        "[card_dispenser]\nvariant = 'r03'\nport =",
        "card_dispenser.variant = 'r03'; expected one of auto, h001, m001, r02",
    ),
    (
        "# [card_dispenser]\n# port =",
        "[card_dispenser]\naddress = 16\nport =",
        "card_dispenser.address = 16; expected the address that its DIP switches say, a whole number from 0 to 15",
    ),
    ('name = "adm"', 'name = "adm ups"', "ups.name = 'adm ups'; expected the name of the UPS in ups.conf"),
    ("[visit]", "[visits]", "visits: no such key is known; expected visit?"),
    ("[visit]", "[xyzzy]", "xyzzy: no such key is known; expected one of site, paths,"),
    ("[site]", "site = 5\n[sites]", "site = 5; expected a table of settings"),
    ('state = "/var/lib/adm-kiosk"', "", "paths.state is missing; expected a path on this machine"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG, ids=[new or f"no {old}" for old, new, _ in WRONG])
def test_a_wrong_setting_is_named_with_file_key_value_and_what_was_expected(
    write, old: str, new: str, sentence: str
) -> None:
    path = write(old, new)

    with pytest.raises(SettingsError) as caught:
        load(path)

    assert str(caught.value).startswith(f"{path}: {sentence}")


def test_a_missing_table_is_named(write) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    path = write(text[text.index("[trust]") : text.index("[documents]")], "")

    with pytest.raises(SettingsError, match=r"trust is missing; expected a table \[trust\]"):
        load(path)


def test_files_that_are_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        load(tmp_path / "nowhere.toml")

    broken = tmp_path / "broken.toml"
    broken.write_text("[site\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"broken\.toml: is not TOML: .*line 1"):
        load(broken)

    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"binary\.toml: cannot be read"):
        load(binary)


# ---------------------------------------------------------------------------------------------------------------
# config/kiosk.toml explains every setting


def settings_of(kind: type[msgspec.Struct], table: str = "") -> list[tuple[str, str]]:
    """All (table, key) that there are."""
    found: list[tuple[str, str]] = []
    for field in msgspec.structs.fields(kind):
        section = next((t for t in (field.type, *getattr(field.type, "__args__", ())) if _is_table(t)), None)
        found += settings_of(section, field.name) if section else [(table, field.name)]
    return found


def _is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def explained_settings(text: str) -> set[tuple[str, str]]:
    """The (table, key) that stand in the file with a remark on their line; commented-out ones count."""
    table, found = "", set()
    for line in text.splitlines():
        if heading := re.fullmatch(r"(?:# )?\[(\w+)\].*", line):
            table = heading[1]
        elif setting := re.fullmatch(r"(?:# )?(\w+) = (.+?)\s+# \S.*", line):
            found.add((table, setting[1]))
    return found


@pytest.mark.parametrize(("table", "key"), settings_of(Settings))
def test_each_setting_is_explained_in_the_example(table: str, key: str) -> None:
    assert (table, key) in explained_settings(EXAMPLE.read_text(encoding="utf-8"))


def test_defaults_are_those_that_the_example_shows() -> None:
    example = load(EXAMPLE)
    shown = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    for table in (
        "paper_printer",
        "card_printer",
        "receipt_printer",
        "qr_scanner",
        "cabinet",
        "ups",
        "screen",
        "visit",
        "dinas",
    ):
        section = getattr(example, table)
        for field in msgspec.structs.fields(type(section)):
            if field.default not in (msgspec.NODEFAULT, None) and field.name in shown[table]:
                assert shown[table][field.name] == field.default, f"{table}.{field.name}"


def test_a_table_that_is_commented_out_can_be_used_as_it_stands(write) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    table = text[text.index("# [card_dispenser]") : text.index("[receipt_printer]")]
    dispenser = load(write(table, table.replace("# [", "[").replace("\n# ", "\n"))).card_dispenser

    assert dispenser == CardDispenser(port="/dev/adm-dispenser")
