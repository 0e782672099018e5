"""The rules of the house, kept by tests: lint, sizes, reasons, locks, and no file that names one machine."""

from __future__ import annotations

import ast
import fnmatch
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

THIS = Path(__file__)
ROOT = THIS.parents[1]
CODE = ("kiosk", "drivers", "hardware_sim")
# The rules are "about 400 lines" and "about 40"; what is over by more than a little is split.
LONGEST_MODULE = 440
LONGEST_FUNCTION = 60


def tracked(*patterns: str) -> list[Path]:
    """The files that git tracks, as they are in the work tree."""
    names = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in names.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in CODE]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("target", ["lint-rules", "lint-format", "lint-types", "lint-imports"])
def test_lint_has_nothing_to_say(target: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    verdict = subprocess.run(
        ["make", "--silent", target], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_modules_stay_small() -> None:
    """A module that outgrows this is split by layer."""
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_stay_small() -> None:
    long = {
        f"{name(path)}:{node.lineno} {node.name}": length
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert long == {}


# A remark that silences a checker: its codes, and behind them the reason.
SILENCER = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)[\s#-]*(?P<reason>\w.*)?$"
)


def test_what_silences_a_checker_has_its_reason() -> None:
    without = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in tracked("*.py")
        if path != THIS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SILENCER.search(line)) and not found["reason"]
    ]

    assert without == []


@pytest.mark.parametrize(
    ("line", "fine"),
    [("x = 1  # noqa: S1", False), ("x = 1  # noqa: S1  # why", True), ("x  # type: ignore[a]", False)],
)
def test_the_search_for_reasons_finds_them(line: str, fine: bool) -> None:
    found = SILENCER.search(line)

    assert found is not None
    assert bool(found["reason"]) is fine


# Folders of somebody's machine, and registries other than the public ones that tools use by themselves.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|home|Users|root|mnt)/\w|--(?:extra-)?index-url|--find-links|\.internal\b"
)


def test_no_file_names_one_machine() -> None:
    named = [
        f"{name(path)}: {line.strip()[:100]}"
        for path in tracked()
        if path != THIS
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if OF_ONE_MACHINE.search(line)
    ]

    assert named == []


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_front_page_names_both_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_between_our_pages_lead_somewhere() -> None:
    dead = [
        f"{name(page)}: {link}"
        for page in tracked("*.md")
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert dead == []


# ---------------------------------------------------------------------------------------------------------------
# Packaging


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(file: str) -> dict[str, Version]:
    """Names and versions of a lock file."""
    found = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {canonicalize_name(package): Version(version) for package, version in found}


def wanted(*extras: str) -> list[Requirement]:
    declared = project()["project"]
    lists = [declared["dependencies"], *(declared["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(text) for each in lists for text in each if not text.startswith(declared["name"])]


LOCKS = [
    ("requirements.lock", wanted("sim", "dev")),
    ("requirements-kiosk.lock", wanted()),
    ("requirements-build.lock", [Requirement(text) for text in project()["build-system"]["requires"]]),
]


@pytest.mark.parametrize(("file", "requirements"), LOCKS, ids=[file for file, _ in LOCKS])
def test_a_lock_holds_what_pyproject_asks_for(file: str, requirements: list[Requirement]) -> None:
    versions = locked(file)
    unmet = [
        str(requirement)
        for requirement in requirements
        if (version := versions.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(version, prereleases=True)
    ]

    assert unmet == [], "run make lock"


@pytest.mark.parametrize("file", [file for file, _ in LOCKS])
def test_every_package_of_a_lock_has_a_hash(file: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / file).read_text(encoding="utf-8"))

    assert [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


def test_a_kiosk_runs_the_versions_that_were_tested() -> None:
    tested = locked("requirements.lock")

    assert {package: tested.get(package) for package in locked("requirements-kiosk.lock")} == locked(
        "requirements-kiosk.lock"
    )


def test_every_file_beside_the_code_is_packaged() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["*"]
    beside = [path for path in tracked(*CODE) if path.suffix != ".py"]

    assert [name(path) for path in beside if not any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)] == []


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in modules()}

    assert [name(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


# ---------------------------------------------------------------------------------------------------------------
# Set-up


@pytest.mark.parametrize("script", ["scripts/setup", "scripts/lock", "scripts/install-files", ".ci/run"])
def test_scripts_are_ones_that_bash_takes_and_may_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / "systemd/libexec").iterdir()))
def test_scripts_of_the_units_are_ones_that_sh_takes(script: str) -> None:
    assert subprocess.run(["sh", "-n", ROOT / "systemd/libexec" / script], check=False).returncode == 0


def packages(file: str) -> list[str]:
    lines = (ROOT / "scripts/packages" / file).read_text(encoding="utf-8").splitlines()
    return [package for line in lines if (package := line.partition("#")[0].strip())]


def test_no_desktop_and_no_browsing_printers_are_asked_for() -> None:
    # Both lists are installed beside kiosk.txt, and never together: tests bring their own upsd, and so does a real UPS.
    for beside in ("simulator.txt", "machine.txt"):
        together = packages("kiosk.txt") + packages(beside)
        assert len(together) == len(set(together))
    listed = packages("kiosk.txt") + packages("simulator.txt") + packages("machine.txt")
    assert not {"cups-browsed", "avahi-daemon"} & set(listed)
    assert [package for package in listed if re.search(r"desktop|gnome|kde|xfce|task-", package)] == []


def test_set_up_that_is_done_says_nothing_and_changes_nothing() -> None:
    stamp = ROOT / ".venv/.set-up-from"
    if not stamp.exists():
        pytest.skip("this .venv was not made by scripts/setup")
    before = stamp.stat().st_mtime_ns

    again = subprocess.run(
        [ROOT / "scripts/setup"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert stamp.stat().st_mtime_ns == before
