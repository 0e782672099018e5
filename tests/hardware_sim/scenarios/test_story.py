"""Stories are loaded with their names checked; what is wrong is told with file, step, key and what was expected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from hardware_sim.__main__ import main
from hardware_sim.scenarios import StoryError, load, names, read, story
from hardware_sim.scenarios.machine_steps import PHASES
from hardware_sim.scenarios.verbs import VERBS
from hardware_sim.visits import VIEWS
from kiosk import protocol
from kiosk.ledger.events import EVENTS
from kiosk.ledger.phases import Phase

HEAD = 'title = "Uji"\ntells = ["Satu."]\nabout = ["fault"]\nperson = { ani = { permits = ["kk"] } }\n'
TAIL = '\n[expect]\nledger = {}\ndinas = { kk = "ready" }\n'
TEXTS = Path(protocol.__file__).parents[1] / "screen" / "texts" / "id.toml"
WORDS = ("read", "gone", "tap")


def written(tmp_path: Path, steps: str, head: str = HEAD, tail: str = TAIL) -> Path:
    file = tmp_path / "uji.toml"
    file.write_text(f"{head}step = [\n{steps}\n]\n{tail}", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", names())
def test_each_story_is_whole(name: str) -> None:
    """Verbs, faults, phases, views, people and documents are checked by loading; that trainers are told is here."""
    loaded = load(name)

    assert loaded.title
    assert len(loaded.tells) >= 2
    assert all(sentence.endswith(".") for sentence in loaded.tells)
    assert loaded.about


def test_there_are_stories_of_each_kind() -> None:
    assert len(names()) >= 30
    assert {tag for name in names() for tag in load(name).about} == set(story.TAGS)


@pytest.mark.parametrize("name", names())
def test_what_is_read_and_touched_is_what_the_screen_says(name: str) -> None:
    """Each word of a story is one of the screen's catalogue, or the title of a document."""
    for step in load(name).steps:
        for key in WORDS:
            said = getattr(step, key, None)
            if isinstance(said, str):
                assert any(pattern.search(said) or said in plain for pattern, plain in sentences()), said


@pytest.mark.parametrize("name", names())
def test_what_is_awaited_in_the_audit_log_can_be_there(name: str) -> None:
    events = {
        str(event.__struct_config__.tag): {field.encode_name for field in msgspec.structs.fields(event)}
        for event in EVENTS
    }
    loaded = load(name)
    entries = list(loaded.expect.audit)
    entries += [{"event": step.audit, **step.fields} for step in loaded.steps if hasattr(step, "audit")]
    for entry in entries:
        assert set(entry) - {"event"} <= events[str(entry["event"])], entry


def test_views_and_phases_are_those_of_the_kiosk() -> None:
    """The simulator may not import the kiosk, so it has these names itself."""
    views = {str(view.__struct_config__.tag) for view in protocol.View.__args__}

    assert set(VIEWS) - {"lost"} == views
    assert set(PHASES) == set(Phase)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("{ dance = true },", "step 1 has only dance; expected one verb of see, read"),
        ('{ see = "home" },\n{ see = "pin", tap = "Lanjut" },', "step 2 has see and tap; expected one verb"),
        ('{ see = "nowhere" },', "step 1 (see): no page 'nowhere'; there are home, "),
        ('{ see = "home", whithin = 3 },', "step 1 (see): Object contains unknown field `whithin`"),
        ('{ see = "home", whithin = 3 },', "it takes see, within"),
        ("{ see = 3 },", "step 1 (see): Expected `str`, got `int` - at `$.see`"),
        ('{ read = "Kembali" },', "step 1 (read): Object missing required field `on`"),
        ('{ fault = "paper.on_fire" },', "step 1 (fault): no fault 'paper.on_fire'; there are paper.media_empty, "),
        ('{ fault = "paper.media_jam", at = "lunch" },', "no phase 'lunch'; there are before, "),
        ('{ fault = "paper.media_jam", at = "after" },', "no phase of paper.media_jam 'after'"),
        ('{ fault = "machine.power_cut", at = "exit", of = "oven" },', "no device 'oven'; there are paper, "),
        ('{ mend = "all" },', "no fault to mend 'all'; there are everything, "),
        ('{ hand = "paper.burn" },', "no hand 'paper.burn'; there are "),
        ('{ log_in = "scan", who = "budi" },', "no person 'budi'; this story has ani"),
        ('{ dinas = "supersede" },', "document goes with supersede"),
    ],
)
def test_a_wrong_step_is_told_with_its_number_and_what_was_expected(tmp_path: Path, steps: str, told: str) -> None:
    file = written(tmp_path, steps)

    with pytest.raises(StoryError) as error:
        read(file)

    assert str(error.value).startswith(f"{file}: step ")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("head", "tail", "told"),
    [
        (HEAD.replace("title", "titel"), TAIL, "unknown field `titel`"),
        (HEAD.replace('["fault"]', '["weather"]'), TAIL, "about: no tag 'weather'; there are good-road, "),
        (HEAD.replace('["kk"]', '["sim"]'), TAIL, "no document 'sim'; there are ktp-el, "),
        (HEAD.replace('permits = ["kk"]', 'seeded = "NOBODY"'), TAIL, "nobody seeded is called 'NOBODY'"),
        (HEAD, "", "missing required field `expect`"),
        (HEAD, TAIL.replace("{}", '{ kk = "lost" }'), "no phase of an attempt 'lost'; there are reserved, "),
        (HEAD, TAIL.replace('"ready"', '"gone"'), "no state of a permit 'gone'; there are ready, "),
        (HEAD, TAIL + "trays = { cups = 1 }", "unknown field `cups`"),
        (HEAD + "x = \n", TAIL, "Invalid value"),
    ],
)
def test_a_wrong_head_or_end_is_told(tmp_path: Path, head: str, tail: str, told: str) -> None:
    file = written(tmp_path, '{ see = "home" },', head, tail)

    with pytest.raises(StoryError, match=re.escape(told)) as error:
        read(file)

    assert str(error.value).startswith(f"{file}: ")


def test_a_step_that_waits_is_one_of_the_verbs() -> None:
    """Each verb is a field of its step, so that the table of a step is the step."""
    assert all(verb in keys_of(of) for verb, of in VERBS.items())


def test_the_command_names_them_all() -> None:
    listed = CliRunner().invoke(main, ["stories"]).output.splitlines()

    assert [line.split()[0] for line in listed] == names()
    assert all(load(line.split()[0]).title in line for line in listed)


def keys_of(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def sentences() -> list[tuple[re.Pattern[str], str]]:
    """All that the screen can say: with its {names} filled by anything, and as it stands."""
    found: list[str] = []

    def walk(table: object) -> None:
        if isinstance(table, dict):
            for value in table.values():
                walk(value)
        elif isinstance(table, list):
            found.extend(table)
        else:
            found.append(str(table))

    walk(tomllib.loads(TEXTS.read_text(encoding="utf-8")))
    return [(re.compile("^" + re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)) + "$"), text) for text in found]
