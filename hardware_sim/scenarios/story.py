"""Stories as files: ``stories/NAME.toml``, one each. What is wrong in one is told with file, step and key."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from hardware_sim.scenarios.expect import Expect
from hardware_sim.scenarios.people import Part
from hardware_sim.scenarios.step import Step
from hardware_sim.scenarios.verbs import VERBS
from hardware_sim.world import WorldOptions

FOLDER = Path(__file__).parent / "stories"
TAGS = ("good-road", "fault", "power", "people", "dinas", "reported")


class StoryError(ValueError):
    """A story's file is not as it should be."""


class World(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is otherwise in this story's world than in that of who plays it. Times are seconds."""

    sheet_s: float | None = None
    card_s: float | None = None
    take_card_s: float | None = None
    take_paper_s: float | None = None
    thanks_s: float | None = None
    settings: dict[str, dict[str, Any]] | None = None  # tables and keys of kiosk.toml

    def options(self, base: WorldOptions) -> WorldOptions:
        """The options of the world, with what is otherwise here."""
        return dataclasses.replace(base, **msgspec.to_builtins(self))


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"people": "person"}):
    """One story. ``title`` and ``tells`` are for trainers, Indonesian: what happens, and what is learned from it."""

    title: str
    tells: list[str]
    about: list[str]
    expect: Expect
    world: World = World()
    people: dict[str, Part] = {}
    name: str = ""
    steps: list[Step] = []

    def __post_init__(self) -> None:
        for tag in self.about:
            if tag not in TAGS:
                raise ValueError(f"about: no tag {tag!r}; there are {', '.join(TAGS)}")


def names() -> list[str]:
    """The names of all stories."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> Story:
    """The story of that name. Raises StoryError."""
    return read(FOLDER / f"{name}.toml")


def read(file: Path) -> Story:
    """The story in that file. Raises StoryError."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoryError(f"{file}: {error}") from error
    tables = raw.pop("step", [])
    try:
        story = msgspec.convert(raw, Story)
    except msgspec.ValidationError as error:
        keys = ", ".join(_keys(Story, without=("name", "steps")))
        raise StoryError(f"{file}: {error}; a story has {keys}") from error
    if not tables or not isinstance(tables, list):
        raise StoryError(f"{file}: no [[step]]")
    steps = [_step(file, number, table, story) for number, table in enumerate(tables, start=1)]
    return msgspec.structs.replace(story, name=file.stem, steps=steps)


def _step(file: Path, number: int, table: dict[str, Any], story: Story) -> Step:
    where = f"{file}: step {number}"
    found = [verb for verb in VERBS if verb in table]
    if "picture" in found and len(found) == 2:
        found.remove("picture")  # of what is taken
    if len(found) != 1:
        has = f"has {' and '.join(found)}" if found else f"has only {', '.join(table) or 'nothing'}"
        raise StoryError(f"{where} {has}; expected one verb of {', '.join(VERBS)}")
    verb = VERBS[found[0]]
    try:
        step = msgspec.convert(table, verb)
    except msgspec.ValidationError as error:
        raise StoryError(f"{where} ({found[0]}): {error}; it takes {', '.join(_keys(verb))}") from error
    for who in (getattr(step, "who", None), getattr(step, "scan", None), getattr(step, "new_pin", None)):
        if who is not None and who not in ("", *story.people):
            people = ", ".join(story.people) or "none"
            raise StoryError(f"{where} ({found[0]}): no person {who!r}; this story has {people}")
    return step


def _keys(of: type[msgspec.Struct], without: tuple[str, ...] = ()) -> list[str]:
    keys = [field.encode_name for field in msgspec.structs.fields(of) if field.name not in without]
    return sorted(keys, key=lambda key: key == "say")  # which every step takes: last
