"""Goes through the states of a recorded session: in order, sampled with a seed, each one checked."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from power_calls import Record
from power_checks import Checker
from power_moments import Commits, beginning
from power_states import Choice, Disk, Model

SHOWN = 20
BLOCK = 64  # moments that one process takes in a row: neighbours share most of their states


@dataclass
class Found:
    """One state in which something does not hold, and how to come back to it."""

    model: Model
    prefix: int
    choice: Choice
    lost: str
    violations: list[str]

    def __str__(self) -> str:
        return (
            f"--model {self.model} --prefix {self.prefix} --choice '{self.choice}'\n"
            f"  not on the disk: {self.lost}\n  " + "\n  ".join(self.violations[:5])
        )


@dataclass
class Seen:
    """What an exploration went through."""

    states: Counter[str] = field(default_factory=Counter)  # by model
    distinct: int = 0  # different contents of the disk
    checked: int = 0  # different contents at different moments
    opened: int = 0  # different ledgers, each opened by the product
    reconciled: int = 0
    violating: Counter[str] = field(default_factory=Counter)  # states, by invariant
    found: list[Found] = field(default_factory=list)
    cpu_s: float = 0.0
    seconds: float = 0.0

    @property
    def total(self) -> int:
        return self.states.total()

    def add(self, other: Seen) -> None:
        self.states += other.states
        self.violating += other.violating
        self.found = (self.found + other.found)[:SHOWN]
        for name in ("distinct", "checked", "opened", "reconciled", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds = max(self.seconds, other.seconds)

    def __str__(self) -> str:
        models = ", ".join(f"{model} {count}" for model, count in sorted(self.states.items()))
        broken = ", ".join(f"{name} {count}" for name, count in sorted(self.violating.items())) or "none"
        return (
            f"{self.total} states ({models}), {self.distinct} distinct disks, {self.checked} disk-and-moment pairs "
            f"checked, {self.opened} ledgers opened, {self.reconciled} reconciliations, {self.seconds:.0f} s, "
            f"{self.cpu_s:.0f} s of CPU, {self.total / max(self.cpu_s, 0.001):.0f} states per second of CPU; "
            f"violating: {broken}"
        )


def quota(record: Record, model: Model, wanted: int) -> int:
    """How many states of each moment make ``wanted`` in all, since some moments have few."""
    disk = Disk.before(record, model)
    capacities = []
    for operation in record.operations:
        disk.advance(operation)
        capacities.append(disk.capacity())
    low, high = 1, wanted
    while low < high:
        middle = (low + high) // 2
        if sum(min(capacity, middle) for capacity in capacities) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def explore(
    record: Record, folder: Path, *, wanted: int, seed: int, part: int = 0, parts: int = 1, enough: int = 10**9
) -> Seen:
    """Half of ``wanted`` states in each model; ``part`` of ``parts`` of the moments. Ends at ``enough`` violations.

    The same record, seed and count give the same states.
    """
    began, cpu = time.monotonic(), time.process_time()
    checker = Checker(Commits.of(record), folder)
    seen = Seen()
    disks: set[bytes] = set()
    pairs: set[tuple[bytes, int]] = set()
    for model in Model:
        each = quota(record, model, wanted // len(Model))
        disk, moment, changes = Disk.before(record, model), beginning(record), 0
        for prefix, operation in enumerate(record.operations, 1):
            disk.advance(operation)
            later = moment.after(operation)
            changes += later is not moment
            moment = later
            if prefix // BLOCK % parts != part:
                continue
            chance = random.Random(f"{seed} {model} {prefix}")
            for choice in disk.choices(each, chance):
                seen.states[model] += 1
                image = disk.image(choice)
                pair = (image.digest, changes)
                disks.add(image.digest)
                pairs.add(pair)
                if broken := checker.check(image, moment):
                    seen.violating.update({line.partition(":")[0] for line in broken})
                    if len(seen.found) < SHOWN:
                        seen.found.append(Found(model, prefix, choice, disk.in_words(choice, record.paths), broken))
                    if seen.violating.total() >= enough:
                        break
            else:
                continue
            break
    seen.distinct, seen.checked = len(disks), len(pairs)
    seen.opened, seen.reconciled = checker.opened, checker.reconciled
    seen.seconds, seen.cpu_s = time.monotonic() - began, time.process_time() - cpu
    return seen


def replay(record: Record, folder: Path, model: Model, prefix: int, choice: Choice) -> Found:
    """One state again; its files are left in ``folder``."""
    disk, moment = Disk.before(record, model), beginning(record)
    for operation in record.operations[:prefix]:
        disk.advance(operation)
        moment = moment.after(operation)
    broken = Checker(Commits.of(record), folder).check(disk.image(choice), moment)
    return Found(model, prefix, choice, disk.in_words(choice, record.paths), broken)
