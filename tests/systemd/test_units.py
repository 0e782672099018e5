"""The units are ones that systemd takes as they are meant, and keep as little as they need."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from drivers.spooler import adm_fence

OURS = ("adm-kiosk-engine.service", "adm-kiosk-screen.service", "adm-kiosk-display.service")
UNITS = Path("etc/systemd/system")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("unit", [*OURS, "cups.service"])
def test_systemd_takes_the_unit_without_a_complaint(installed: Path, unit: str) -> None:
    verdict = run("systemd-analyze", "verify", f"--root={installed}", "--man=no", "--recursive-errors=one", unit)

    complaints = [line for line in verdict.stderr.splitlines() if "adm-kiosk" in line or unit in line]
    assert complaints == []
    assert verdict.returncode == 0, verdict.stderr


def test_the_check_sees_a_wrong_unit(installed: Path) -> None:
    """Otherwise the test above would prove nothing."""
    unit = installed / UNITS / "wrong.service"
    unit.write_text("[Service]\nType=notifies\nExecStart=/opt/adm-kiosk/bin/nothing-here\n")
    try:
        verdict = run("systemd-analyze", "verify", f"--root={installed}", "--man=no", "wrong.service")
    finally:
        unit.unlink()

    assert "notifies" in verdict.stderr
    assert verdict.returncode != 0


EXPOSURE = [
    # What each may reach at most, in the tenths of systemd-analyze (10 is no protection; stock cups.service has 9.6).
    ("adm-kiosk-engine.service", 15),  # the network and serial devices
    ("adm-kiosk-screen.service", 7),  # the graphics card
    ("adm-kiosk-display.service", 45),  # root: a graphics card and a virtual terminal
    ("cups.service", 30),
]


@pytest.mark.parametrize(("unit", "most"), EXPOSURE)
def test_a_unit_is_exposed_no_more_than_it_must(installed: Path, unit: str, most: int) -> None:
    verdict = run(
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--root={installed}",
        f"--threshold={most}",
        "--no-pager",
        unit,
    )

    assert verdict.returncode == 0, verdict.stdout[-400:] + verdict.stderr


def service(installed: Path, unit: str) -> dict[str, list[str]]:
    """All settings of a unit and their values, in order."""
    settings: dict[str, list[str]] = {}
    for line in (installed / UNITS / unit).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings.setdefault(key, []).append(value)
    return settings


@pytest.mark.parametrize("unit", ["adm-kiosk-engine.service", "adm-kiosk-screen.service"])
def test_engine_and_screen_are_watched_and_always_brought_back(installed: Path, unit: str) -> None:
    settings = service(installed, unit)

    assert settings["Type"] == ["notify"]
    assert settings["WatchdogSec"] == ["10"]
    assert settings["Restart"] == ["always"]
    assert settings["StartLimitIntervalSec"] == ["0"]


@pytest.mark.parametrize("unit", ["adm-kiosk-engine.service", "adm-kiosk-screen.service"])
def test_the_command_of_a_unit_is_one_that_adm_kiosk_has(installed: Path, unit: str) -> None:
    from kiosk.__main__ import WRONG_SETTINGS, main

    settings = service(installed, unit)
    program, command, *options = shlex.split(settings["ExecStart"][0])

    assert program == "/opt/adm-kiosk/bin/adm-kiosk"
    context = main.commands[command].make_context(command, options, resilient_parsing=False)
    assert context.params["settings_path"] == Path("/etc/adm-kiosk/kiosk.toml")
    assert settings["RestartPreventExitStatus"] == [str(WRONG_SETTINGS)]


def test_the_screen_reaches_neither_network_nor_documents(installed: Path) -> None:
    settings = service(installed, "adm-kiosk-screen.service")

    assert settings["PrivateNetwork"] == ["yes"]
    assert settings["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert {"-/var/lib/adm-kiosk", "-/run/cups", "-/run/pcscd"} <= set(settings["InaccessiblePaths"][0].split())


def test_engine_and_spooler_agree_with_the_settings_on_the_claims_folder(installed: Path) -> None:
    from drivers.spooler.adm_fence import DEFAULT_CLAIMS
    from kiosk.settings import load

    claims = load(installed / "etc/adm-kiosk/kiosk.toml").spooler.claims
    tmpfiles = (installed / "etc/tmpfiles.d/adm-kiosk.conf").read_text()

    assert claims == DEFAULT_CLAIMS
    assert claims in service(installed, "adm-kiosk-engine.service")["ReadWritePaths"]
    assert claims in service(installed, "cups.service.d/adm-kiosk.conf")["ReadWritePaths"]
    assert re.search(rf"^d {re.escape(claims)}\s+2770 lp\s+adm-engine", tmpfiles, re.MULTILINE)


def test_the_spool_is_in_memory_and_new_at_each_start_of_cupsd(installed: Path) -> None:
    """A job that cupsd finds in its spool after a crash is printed again."""
    spool = service(installed, "cups.service.d/adm-kiosk.conf")["TemporaryFileSystem"]

    assert [value.split(":")[0] for value in spool] == ["/var/spool/cups"]


def test_a_spooler_that_crashed_comes_back_for_ever_and_leaves_no_backend_behind(installed: Path) -> None:
    """systemd.kill(5): mixed sends SIGKILL to what the main process left, and SIGTERM to that process alone."""
    settings = service(installed, "cups.service.d/adm-kiosk.conf")

    assert settings["KillMode"] == ["mixed"]
    assert settings["Restart"] == ["always"]
    assert settings["StartLimitIntervalSec"] == ["0"]
    # Else cupsd leaves after a quiet minute, since it announces no printers, and takes the records of its jobs along.
    assert re.search(r"^IdleExitTimeout 0\s", (installed / "etc/cups/cupsd.conf").read_text(), re.MULTILINE)


def test_the_order_of_the_start_is_kept_by_the_units(installed: Path) -> None:
    """Disk with the claims, then cupsd with an empty spool, then the engine, which asks what became of each attempt."""
    engine, cups = service(installed, "adm-kiosk-engine.service"), service(installed, "cups.service.d/adm-kiosk.conf")

    assert cups["RequiresMountsFor"] == engine["RequiresMountsFor"] == ["/var/lib/adm-fence"]
    assert "cups.service" in engine["After"][0].split()
    assert "cups.service" in engine["Wants"][0].split()


def test_a_queue_gives_a_failed_job_up_and_never_tries_again(installed: Path) -> None:
    settings = (installed / "etc/cups/cupsd.conf").read_text()

    assert re.search(r"^ErrorPolicy abort-job\s", settings, re.MULTILINE)
    assert re.search(r"^JobRetryLimit 1\s", settings, re.MULTILINE)


def test_users_of_the_units_are_made(installed: Path) -> None:
    (installed / "etc/group").write_text("root:x:0:\ndialout:x:20:\nlpadmin:x:105:\nrender:x:106:\nvideo:x:44:\n")
    (installed / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")

    made = run("systemd-sysusers", f"--root={installed}")

    assert made.returncode == 0, made.stderr
    groups = {line.split(":")[0]: line.split(":")[3] for line in (installed / "etc/group").read_text().splitlines()}
    assert set(groups["adm-kiosk"].split(",")) == {"adm-engine", "adm-screen"}
    for unit in ("adm-kiosk-engine.service", "adm-kiosk-screen.service"):
        settings = service(installed, unit)
        wanted = {*settings["User"], *settings["Group"], *settings["SupplementaryGroups"][0].split()}
        assert wanted <= set(groups), f"{unit} names groups that nobody makes"


@pytest.mark.skipif(os.geteuid() != 0, reason="gives folders to other users")
def test_claims_of_the_backend_can_be_read_by_the_engine(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cupsd starts backends with umask 077; a claim that the engine cannot read is a doubt that nobody can settle."""
    (installed / "etc/group").write_text("root:x:0:\nlp:x:7:\nadm-kiosk:x:900:\nadm-engine:x:901:\n")
    (installed / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\nlp:x:7:7::/:/bin/false\n")
    made = run("systemd-tmpfiles", "--create", f"--root={installed}", installed / "etc/tmpfiles.d/adm-kiosk.conf")
    assert made.returncode == 0, made.stderr

    claims = installed / "var/lib/adm-fence"
    (tmp_path / "adm-fence.conf").write_text(f"{claims}\n")
    monkeypatch.setenv("CUPS_SERVERROOT", str(tmp_path))
    before = os.umask(0o077)
    try:
        adm_fence.claim("0190-attempt", "7")
    finally:
        os.umask(before)

    claim = (claims / "0190-attempt").stat()
    assert (claim.st_gid, claim.st_mode & 0o777) == (901, 0o640)


def test_cupsd_takes_its_configuration(installed: Path, tmp_path: Path) -> None:
    for folder in ("spool", "tmp", "cache"):
        (tmp_path / folder).mkdir()
    files = tmp_path / "cups-files.conf"
    files.write_text(
        f"ServerRoot {tmp_path}\nStateDir {tmp_path}\nRequestRoot {tmp_path}/spool\nTempDir {tmp_path}/tmp\n"
        f"CacheDir {tmp_path}/cache\nServerBin /usr/lib/cups\nDataDir /usr/share/cups\nUser lp\nGroup lp\n"
        f"SystemGroup {'root' if os.getuid() == 0 else 'lpadmin'}\nErrorLog stderr\nAccessLog stderr\n"
    )

    verdict = run("/usr/sbin/cupsd", "-t", "-c", installed / "etc/cups/cupsd.conf", "-s", files)

    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert "is OK" in verdict.stdout + verdict.stderr
    assert "nknown" not in verdict.stdout + verdict.stderr


@pytest.mark.parametrize(("name", "setting"), [("adm-receipt", "receipt_printer"), ("adm-scanner", "qr_scanner")])
def test_udev_gives_the_names_that_the_settings_use(installed: Path, name: str, setting: str) -> None:
    from kiosk.settings import load

    settings = load(installed / "etc/adm-kiosk/kiosk.toml")
    rules = (installed / "etc/udev/rules.d/70-adm-kiosk.rules").read_text()

    assert getattr(settings, setting).port == f"/dev/{name}"
    assert f'SYMLINK+="{name}"' in rules


def test_udev_gives_the_name_that_the_example_of_a_dispenser_uses(installed: Path) -> None:
    settings = (installed / "etc/adm-kiosk/kiosk.toml").read_text()
    rules = (installed / "etc/udev/rules.d/70-adm-kiosk.rules").read_text()

    assert '# port = "/dev/adm-dispenser"' in settings
    assert 'SYMLINK+="adm-dispenser"' in rules


def test_udev_rules_are_well_formed(installed: Path) -> None:
    """Comma-separated KEY{attribute}OP"value" and nothing else, as udev(7) has it."""
    item = r'[A-Z]+(\{\w+\})?(==|!=|\+=|=)"[^"]*"'
    for line in (installed / "etc/udev/rules.d/70-adm-kiosk.rules").read_text().splitlines():
        if line and not line.startswith("#"):
            assert re.fullmatch(rf"{item}(, {item})*", line), line


def test_installing_again_keeps_what_belongs_to_the_site(installed: Path) -> None:
    settings = installed / "etc/adm-kiosk/kiosk.toml"
    original = settings.read_text()
    settings.write_text("# changed by the site\n")
    try:
        subprocess.run([Path(__file__).parents[2] / "scripts" / "install-files", installed], check=True)
        assert settings.read_text() == "# changed by the site\n"
    finally:
        settings.write_text(original)
