"""A million inputs for each parser, guided by coverage (atheris, libFuzzer), each target in a process of its own.

The seed is fixed and printed; FUZZ_RUNS and FUZZ_SEED ask for other runs. A finding is printed as hex, with the command
that replays it: put it into ``regressions/`` with the mending.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import targets

TARGETS = targets.table()
RUNS = int(os.environ.get("FUZZ_RUNS", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
INPUT_WITHIN_S = 10  # the slowest honest input takes a tenth of a second
FUZZ = Path(__file__).with_name("fuzz.py")

pytestmark = [pytest.mark.long, pytest.mark.timeout(4 * 3600)]


def command(name: str, corpus: Path, artifacts: Path) -> list[str]:
    return [
        sys.executable, str(FUZZ), name, f"-seed={SEED}", f"-runs={RUNS}", f"-max_len={TARGETS[name].max_len}",
        f"-timeout={INPUT_WITHIN_S}", "-rss_limit_mb=2048", f"-artifact_prefix={artifacts}/", "-print_final_stats=1",
        "-verbosity=0", str(corpus),
    ]  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_parser(name: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="no wheel for this Python")
    corpus, artifacts = tmp_path / "corpus", tmp_path / "found"
    corpus.mkdir()
    artifacts.mkdir()
    for number, seed in enumerate(TARGETS[name].seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    asked = command(name, corpus, artifacts)
    print(" ".join(asked))

    began = time.monotonic()
    done = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began

    found = [path.read_bytes().hex() for path in artifacts.iterdir()]
    for each in found:
        print(f"python tests/fuzz/fuzz.py {name} --replay {each}")
    assert found == [], done.stdout[-3000:] + done.stderr[-3000:]
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    ran = next(line for line in done.stderr.splitlines() if line.startswith("stat::number_of_executed_units"))
    executed = int(ran.split()[-1])
    print(f"{name}: {executed} inputs, seed {SEED}, {executed / seconds:.0f} a second")
    assert executed >= RUNS
