"""The catalogue: every code has its words, every word is used, and the shipped fonts can draw all of it."""

from __future__ import annotations

import enum
import re
from pathlib import Path

import pytest
from PIL import ImageFont

from kiosk import protocol as p
from kiosk.screen import theme, words

SOURCES = Path(words.__file__).parent
MEDIA = list(p.Medium)

# Families of keys whose last part is a code of the protocol.
FAMILIES: dict[str, list[str]] = {
    "home.media": MEDIA,
    "home.not_now": MEDIA,
    "home.few": MEDIA,
    "home.still": MEDIA,
    "scan.fault": list(p.ScanFault),
    "nik.fault": list(p.NikFault),
    "documents.medium": MEDIA,
    "documents.state": [state for state in p.DocumentState if state is not p.DocumentState.READY],
    "documents.became": [
        *[f"{became}_{again}" for became in ("nothing", "kept") for again in ("ready", "not_ready")],
        *[became for became in p.Became if became not in (p.Became.NOTHING, p.Became.KEPT)],
    ],
    "staff": list(p.StaffTask),
    "printing.step": [step for step in p.Step if step not in (p.Step.PRINT, p.Step.HAND_OUT)],
    "printing.step.print": MEDIA,
    "printing.step.hand_out": MEDIA,
    "printing.state": ["done", "now", "later"],
    "take.where": list(p.Part),
    "take.then": [f"{medium}_{felt}" for medium in MEDIA for felt in ("sensed", "said")],
    "thanks.ended": list(p.EndState),
    "thanks.receipt": list(p.ReceiptState),
    "notice.title": list(p.NoticeKind),
    "notice.what": list(p.NoticeKind),
    "notice.action": list(p.Action),
    "trouble.card": list(p.Trouble),
    "trouble.a4": list(p.Trouble),
    "out.title": list(p.OutReason),
    "out.what": list(p.OutReason),
}
KEYS_OF_FAMILIES = {f"{family}.{code}" for family, codes in FAMILIES.items() for code in codes}
ENGLISH = {"the", "you", "your", "please", "print", "printer", "card", "error", "back", "next", "help", "scan", "login"}


def _named_in_code() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*") if path.suffix in (".py", ".kv"))
    return {key for key in words.catalogue() if f'"{key}"' in text}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_its_words(family: str) -> None:
    for code in FAMILIES[family]:
        assert words.t(f"{family}.{code}").strip(), code


def test_every_text_is_used() -> None:
    assert set(words.catalogue()) - _named_in_code() - KEYS_OF_FAMILIES == set()


def test_every_key_in_code_exists() -> None:
    named = set()
    for path in SOURCES.rglob("*"):
        if path.suffix in (".py", ".kv"):
            named |= set(re.findall(r'\b(?:t|listed)\("([a-z_0-9.]+)"[,)]', path.read_text(encoding="utf-8")))

    assert len(named) > 50
    assert named - set(words.catalogue()) == set()


def test_no_layout_holds_a_text_of_its_own() -> None:
    for path in SOURCES.rglob("*.kv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            literal = re.search(r'\b(?:text|label|title|more): "([^"]+)"', line)
            assert literal is None or literal[1].isdigit(), f"{path.name}: {line.strip()}"


def test_every_character_is_in_the_shipped_fonts() -> None:
    texts = [v if isinstance(v, str) else "".join(v) for v in words.catalogue().values()]
    characters = {c for text in texts for c in text} | {"·", "*", "–", "’"} | set("0123456789")
    for file in theme.FONT_FILES.values():
        font = ImageFont.truetype(str(theme.FONTS / file), 40)
        missing = bytes(font.getmask("\U0010fffd"))  # what the font draws for what it has not
        for character in characters - {" "}:
            assert bytes(font.getmask(character)) != missing, f"{character!r} is not in {file}"


def test_nothing_is_said_in_english() -> None:
    for key, text in words.catalogue().items():
        said = set(re.findall(r"[a-z]+", re.sub(r"\{.*?\}", "", str(text)).lower()))
        assert not said & ENGLISH, key


def test_sentences_are_short() -> None:
    """A person who reads slowly reads fifteen words at a time."""
    for key, text in words.catalogue().items():
        if isinstance(text, str):
            for sentence in re.split(r"[.?!]", text):
                assert len(sentence.split()) <= 15, key


def test_families_cover_every_enumeration_of_the_protocol() -> None:
    worded = {type(code) for codes in FAMILIES.values() for code in codes}
    enumerations = {kind for kind in vars(p).values() if isinstance(kind, type) and issubclass(kind, enum.StrEnum)}

    assert enumerations - worded - {enum.StrEnum, p.Way} == set()  # ways in are buttons, worded by name
