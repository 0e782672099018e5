"""How long from the start of the screen process to its first frame: median of ten runs.

Run: python benchmarks/first_frame.py [runs]
Draws without a display through SDL's offscreen driver, unless SDL_VIDEODRIVER or DISPLAY says otherwise.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = """
import os, sys
from pathlib import Path
from kiosk.screen.app import run
run(Path(sys.argv[1]), (1080, 1920), fullscreen=False, ready=lambda: os.write(1, b"drawn\\n"))
"""


def one_run(folder: Path) -> float:
    """Seconds from the start of the process until its first frame is drawn."""
    environment = dict(os.environ)
    if "DISPLAY" not in environment:
        environment.setdefault("SDL_VIDEODRIVER", "offscreen")
    path = folder / "engine.sock"
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(path))
        engine.listen()
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", START, str(path)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            took = time.perf_counter() - began
            process.terminate()
    path.unlink()
    return took


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        times = sorted(one_run(Path(folder)) for _ in range(runs))
    print(f"process start to first frame, {runs} runs: median {statistics.median(times):.3f} s")
    print(f"fastest {times[0]:.3f} s, slowest {times[-1]:.3f} s")


if __name__ == "__main__":
    main()
