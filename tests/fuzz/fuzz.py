"""One fuzz target in a process of its own.

``python tests/fuzz/fuzz.py NAME [options of libFuzzer] [CORPUS...]`` fuzzes with atheris, guided by coverage;
``python tests/fuzz/fuzz.py NAME --replay HEX`` (or a file of hex) runs one input.
"""

from __future__ import annotations

import sys
from pathlib import Path

import targets  # the folder of a script is on its path


def replay(name: str, what: str) -> None:
    path = Path(what)
    text = path.read_text() if len(what) < 200 and path.is_file() else what
    targets.table()[name].parse(bytes.fromhex(text))


def fuzz(name: str, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=list(targets.INSTRUMENTED)):
        target = targets.table()[name]
    target.seeds()  # keys and certificates are made before the clock runs
    atheris.Setup([sys.argv[0], *arguments], target.parse)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[2:3] == ["--replay"]:
        replay(sys.argv[1], sys.argv[3])
    else:
        fuzz(sys.argv[1], sys.argv[2:])
