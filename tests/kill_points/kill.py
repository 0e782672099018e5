"""Count, sample and play points: ``python tests/kill_points/kill.py --help``."""

from __future__ import annotations

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import signal
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from bench import Bench
from plays import PLAYS, Player, Result
from screen_player import ScreenPlayer

Point = tuple[str, int]
POINTS_PER_WORLD = 30  # the Dinas tells of all its permits each time it is asked
SCREEN_POINTS_IN_SAMPLE = 4  # a real window takes ten seconds for a point
PR_SET_PDEATHSIG = 1
REPLAY = "python tests/kill_points/kill.py --play {play} --point {point}"


def count(names: Sequence[str], workers: int) -> dict[str, int]:
    """The number of points of each play. A call that fails does so at the same points, whatever the error."""
    counted = [name for name in names if not name.endswith("-enospc")]
    counted += [name for name in names if name.endswith("-enospc") and name.replace("enospc", "eio") not in names]
    by_victim = defaultdict(list)
    for name in counted:
        by_victim[PLAYS[name].victim].append(name)
    found: dict[str, int] = {}
    with _pool(workers) as pool:
        for some in pool.map(_count, by_victim.values()):
            found |= some
    return {name: found[name if name in found else name.replace("enospc", "eio")] for name in names}


def _count(names: Sequence[str]) -> dict[str, int]:
    with Bench() as bench, _player(bench, names[0]) as player:
        return {name: player.count(PLAYS[name]) for name in names}


def _player(bench: Bench, name: str) -> AbstractContextManager[Player | ScreenPlayer]:
    if PLAYS[name].victim == "screen":
        return closing(ScreenPlayer(bench))
    return nullcontext(Player(bench))


def run(points: Iterable[Point], workers: int, plant: str | None = None) -> Iterator[Result]:
    """Play them, several worlds side by side."""
    with _pool(workers) as pool:
        for results in pool.map(_chunk, [(chunk, plant) for chunk in _chunks(points)]):
            yield from results


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn: what pytest has open and started is not copied into the workers
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_nothing)


def _leave_nothing() -> None:
    """A worker that is told to end, or whose parent was killed, takes its world down first."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _chunks(points: Iterable[Point]) -> list[list[Point]]:
    """Points of one victim each, since cupsd and fence stay under the tracer once they are."""
    by_victim: dict[str, list[Point]] = defaultdict(list)
    for name, number in points:
        by_victim[PLAYS[name].victim].append((name, number))
    chunks = [
        chunk[at : at + POINTS_PER_WORLD]
        for chunk in by_victim.values()
        for at in range(0, len(chunk), POINTS_PER_WORLD)
    ]
    random.Random(0).shuffle(chunks)  # a run that is ended early has met every victim
    return chunks


def _chunk(given: tuple[list[Point], str | None]) -> list[Result]:
    points, plant = given
    with Bench(plant) as bench, _player(bench, points[0][0]) as player:
        return [player.point(PLAYS[name], number) for name, number in points]


class Caught(NamedTuple):
    """The first point with a broken rule, and how many were played until then."""

    result: Result | None
    played: int


def first_broken(points: Sequence[Point], plant: str, words: str) -> Caught:
    """Play points in a world with that fault until a rule is broken whose sentence has these words."""
    with Bench(plant) as bench:
        player = Player(bench)
        for played, (name, number) in enumerate(points, 1):
            result = player.point(PLAYS[name], number)
            if words in "".join(result.broken):
                return Caught(result, played)
    return Caught(None, len(points))


def every_point(counts: dict[str, int]) -> list[Point]:
    return [(name, number) for name, most in counts.items() for number in range(1, most + 1)]


def sample(counts: dict[str, int], size: int, seed: int) -> list[Point]:
    """Points by chance, as many of each play as it has or as fit; the same for the same counts and seed."""
    chance = random.Random(seed)  # a draw of tests
    left = {name: chance.sample(range(1, most + 1), most) for name, most in counts.items()}
    if "screen-kk" in left and len(left) > 1:
        left["screen-kk"] = left["screen-kk"][:SCREEN_POINTS_IN_SAMPLE]
    drawn: list[Point] = []
    while len(drawn) < size and any(left.values()):
        drawn += [(name, numbers.pop()) for name, numbers in left.items() if numbers]
    return drawn[:size]


def summary(results: Sequence[Result]) -> str:
    ready = sorted(r.ready_s for r in results if r.ready_s is not None)
    met, broken = sum(r.met for r in results), sum(bool(r.broken) for r in results)
    took = statistics.fmean(r.seconds for r in results)
    lines = [f"{len(results)} points, {met} met, {broken} with a broken rule, {took:.2f} s a point"]
    if ready:
        lines.append(
            f"ready again: median {statistics.median(ready):.2f} s, p99 {ready[int(len(ready) * 0.99)]:.2f} s, "
            f"most {ready[-1]:.2f} s"
        )
    for name, played in Counter(r.play for r in results).items():
        own = [r for r in results if r.play == name]
        took = statistics.fmean(r.seconds for r in own)
        lines.append(f"  {name}: {played}, {sum(r.met for r in own)} met, {took:.2f} s a point")
    return "\n".join(lines)


def told(result: Result) -> str:
    """A point with a broken rule, and how it is played again."""
    how = REPLAY.format(play=result.play, point=result.point)
    return "\n".join([f"{result.play} {result.point} ({result.call}):", *(f"  {b}" for b in result.broken), f"  {how}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--play", choices=sorted(PLAYS), action="append", help="only these plays")
    parser.add_argument("--point", type=int, help="one point of one play")
    parser.add_argument("--size", type=int, default=0, help="a sample of so many points; 0: all")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plant", help="a fault of planted.py")
    parser.add_argument("--log", type=Path, help="a line of JSON for each point")
    asked = parser.parse_args()
    names = asked.play or list(PLAYS)
    if asked.point:
        points = [(names[0], asked.point)]
    else:
        counts = count(names, asked.workers)
        print(f"seed {asked.seed}; {sum(counts.values())} points: {counts}", flush=True)
        points = sample(counts, asked.size, asked.seed) if asked.size else every_point(counts)
    results = []
    for result in run(points, asked.workers, asked.plant):
        results.append(result)
        if result.broken or asked.point:
            print(told(result), flush=True)
        if asked.log:
            with asked.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(result)) + os.linesep)
    print(summary(results))
    return int(any(r.broken for r in results))


if __name__ == "__main__":
    sys.exit(main())
