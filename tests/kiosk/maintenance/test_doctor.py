"""The doctor as a whole: every check in its own time, one table, and an exit code."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.maintenance import check_devices
from kiosk.maintenance.doctor import doctor, run
from kiosk.maintenance.findings import Check, Finding, Level, examine, ok, table
from kiosk.settings import Settings


def test_a_check_that_hangs_spoils_no_other_and_keeps_what_it_found(site) -> None:
    release = threading.Event()

    def hangs(_settings: Settings) -> Iterator[Finding]:
        yield ok("A", "sampai di sini")
        release.wait(30)

    def fails(_settings: Settings) -> Iterator[Finding]:
        yield ok("B", "sampai di sini")
        raise RuntimeError("spool")

    checks = [Check("A", hangs, within=0.1), Check("B", fails), Check("C", lambda _settings: iter([ok("C", "baik")]))]
    found = examine(checks, site.settings())
    release.set()

    assert [(finding.subject, finding.level) for finding in found] == [
        ("A", Level.OK),
        ("A", Level.BROKEN),
        ("B", Level.OK),
        ("B", Level.BROKEN),
        ("C", Level.OK),
    ]
    assert "0.1 detik" in found[1].what
    assert "RuntimeError: spool" in found[3].what


def test_a_check_that_hangs_keeps_no_process_alive() -> None:
    program = (
        "import time\n"
        "from kiosk.maintenance.findings import Check, examine\n"
        "print(examine([Check('A', lambda _: time.sleep(60), within=0.1)], None)[0].level.word)\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)

    assert ended.stdout == "rusak\n"


def test_wrong_settings_are_the_only_finding(tmp_path: Path, capsys) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("log_level = 'loud'")

    (found,) = doctor(path)

    assert found.level is Level.BROKEN
    assert str(path) in found.what
    assert run(path) == Level.BROKEN
    assert "1 rusak" in capsys.readouterr().out


def test_the_table_has_a_line_for_each_finding_and_its_way_out() -> None:
    findings = [
        ok("Huruf", "4 berkas"),
        Finding("Jam", Level.ATTENTION, "selisih 70 detik", "timedatectl set-ntp true"),
    ]

    assert table(findings, 80).splitlines() == [
        "ok          Huruf  4 berkas",
        "perhatian   Jam    selisih 70 detik",
        "                   -> timedatectl set-ntp true",
        "",
        "Kesimpulan: 0 rusak, 1 perhatian, 1 ok.",
    ]


def test_the_table_keeps_to_its_width_and_breaks_no_path() -> None:
    path = "/var/lib/adm-kiosk/" + "a" * 60
    text = table([Finding("Folder data", Level.BROKEN, "kata " * 40, f"ls -ld {path}")], 70)

    assert path in text
    assert max(len(line) for line in text.splitlines() if path not in line) <= 70


@pytest.mark.parametrize(("levels", "code"), [([0, 0], 0), ([0, 1], 1), ([2, 1], 2)])
def test_the_exit_code_is_that_of_the_worst_finding(monkeypatch, tmp_path, levels: list[int], code: int) -> None:
    findings = [Finding("x", Level(level), "y") for level in levels]
    monkeypatch.setattr("kiosk.maintenance.doctor.doctor", lambda _path: findings)

    assert run(tmp_path) == code


# ---------------------------------------------------------------------------------------------------------------
# Devices


def test_a_serial_line_is_looked_at_through_its_lasting_name(site, about) -> None:
    controller, terminal = pty.openpty()
    (site.folder / "adm-receipt").symlink_to(os.ttyname(terminal))
    (site.folder / "no-line").write_text("")
    settings = site.settings(
        receipt_printer={"port": str(site.folder / "adm-receipt")}, qr_scanner={"port": str(site.folder / "no-line")}
    )

    findings = list(check_devices.serial_lines(settings))
    os.close(controller)
    os.close(terminal)

    assert about(findings, "Pencetak struk").level is Level.OK
    assert "bukan jalur serial" in about(findings, "Pemindai QR").what


def test_a_receipt_printer_on_usb_is_looked_at_under_its_path(site, about) -> None:
    port = f"usb:{site.folder / 'lp0'}"

    found = about(check_devices.serial_lines(site.settings(receipt_printer={"port": port})), "Pencetak struk")

    assert (found.level, found.what) == (Level.BROKEN, f"{site.folder / 'lp0'} tidak ada")


def test_a_receipt_printer_on_the_network_takes_a_connection_or_not(site, about) -> None:
    with socket.create_server(("127.0.0.1", 0)) as printer:
        settings = site.settings(receipt_printer={"port": f"tcp://127.0.0.1:{printer.getsockname()[1]}"})
        there = about(check_devices.serial_lines(settings), "Pencetak struk")
    away = about(check_devices.serial_lines(settings), "Pencetak struk")

    assert (there.level, away.level) == (Level.OK, Level.ATTENTION)


def test_the_cabinets_line_is_looked_at_too(site, about) -> None:
    (site.folder / "adm-cabinet").symlink_to(site.folder / "ttyUSB9")
    settings = site.settings(cabinet={"port": str(site.folder / "adm-cabinet")})

    assert about(check_devices.serial_lines(settings), "Papan kabinet").level is Level.BROKEN


def test_the_dispensers_line_is_looked_at_too(site, about) -> None:
    (site.folder / "adm-dispenser").symlink_to(site.folder / "ttyUSB9")
    settings = site.settings(card_dispenser={"port": str(site.folder / "adm-dispenser")})

    assert about(check_devices.serial_lines(settings), "Dispenser kartu").level is Level.BROKEN


def test_a_line_whose_device_is_unplugged_is_told(site, about) -> None:
    (site.folder / "adm-receipt").symlink_to(site.folder / "ttyUSB9")

    found = about(
        check_devices.serial_lines(site.settings(receipt_printer={"port": str(site.folder / "adm-receipt")})),
        "Pencetak struk",
    )

    assert found.level is Level.BROKEN


def test_a_display_is_there_or_not(site, about, monkeypatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4242")

    assert about(check_devices.display(site.settings()), "Layar").level is Level.BROKEN


@pytest.mark.devices
def test_a_display_that_takes_connections_is_ok(site, about, monkeypatch) -> None:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        try:
            os.close(writing)
            with os.fdopen(reading) as answer:
                monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")

            assert about(check_devices.display(site.settings()), "Layar").level is Level.OK
        finally:
            server.terminate()


@pytest.mark.devices
@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ("Kiosk Operator Reader", "ok"),
        ("Kiosk Nowhere", "tidak ada yang bernama 'Kiosk Nowhere'; yang ada: Kiosk CardPrinter"),
    ],
)
def test_readers_are_those_of_the_card_service(site, smart_cards: str, reader: str, words: str) -> None:
    answer = doctor_of_its_own(site, {"PCSCLITE_CSOCK_NAME": smart_cards}, card_reader={"reader": reader})

    line = next(line for line in answer.stdout.splitlines() if "Pembaca kartu" in line)
    assert words in line


@pytest.mark.devices
def test_no_card_service_is_told_and_the_doctor_ends_with_2(site) -> None:
    answer = doctor_of_its_own(
        site, {"PCSCLITE_CSOCK_NAME": str(site.folder / "nobody")}, card_reader={"reader": "Kiosk Operator Reader"}
    )

    assert answer.returncode == 2
    assert "pcscd tidak menjawab" in answer.stdout
    assert answer.stderr == ""


@pytest.fixture(scope="module")
def smart_cards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "hardware_sim.smart_cards", "--dir", str(tmp_path_factory.mktemp("pcsc"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["PCSCLITE_CSOCK_NAME"]
        process.terminate()


def doctor_of_its_own(site, environment: dict[str, str], **tables) -> subprocess.CompletedProcess[str]:
    """The command as a technician runs it; the PC/SC library reads its socket's name once in a process."""
    site.settings(**tables)
    command = [sys.executable, "-m", "kiosk", "doctor", "--settings", str(site.path)]
    environment = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
