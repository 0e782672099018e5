"""The catalogue of texts: what pages say, by key, with names filled in, and how times and dates are said."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.protocol import Became, Document, DocumentState, Ended, EndState, Medium, MediumState, NoticeView, Trouble

PRINTS_AGAIN = frozenset({Became.NOTHING, Became.KEPT})
TOLD_BY_BECAME = frozenset({DocumentState.PRINTED, DocumentState.BUSY, DocumentState.IN_DOUBT})

CATALOGUE = Path(__file__).parent / "texts" / "id.toml"


@cache
def catalogue() -> Mapping[str, str | list[str]]:
    """Every text by its dotted key."""
    return dict(_flat(tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], head: str = "") -> list[tuple[str, str | list[str]]]:
    found: list[tuple[str, str | list[str]]] = []
    for name, value in table.items():
        found += _flat(value, f"{head}{name}.") if isinstance(value, dict) else [(head + name, value)]
    return found


def t(key: str, **names: object) -> str:
    """The text of a key; KeyError if there is none (a test asks for each)."""
    text = catalogue()[key]
    if not isinstance(text, str):
        raise KeyError(key)
    return text.format(**names) if names else text


def listed(key: str, index: int) -> str:
    """One of a list of texts, from 0."""
    return catalogue()[key][index]


def duration(seconds: int) -> str:
    """What a person says of a time: "1 menit 10 detik", in steps of ten seconds above a minute."""
    if seconds < 60:
        return t("time.second", seconds=max(1, seconds))
    minutes, rest = divmod(seconds, 60)
    rest = rest // 10 * 10
    return t("time.minute_second", minutes=minutes, seconds=rest) if rest else t("time.minute", minutes=minutes)


def minutes(seconds: int) -> str:
    """A rough time: "2 menit", rounded up to whole minutes above half a minute."""
    if seconds <= 30:
        return t("time.second", seconds=max(10, math.ceil(seconds / 10) * 10))
    return t("time.minute", minutes=math.ceil(seconds / 60))


def about(seconds: int) -> str:
    """A rough time, said to be one: "sekitar 2 menit"."""
    return t("time.about", time=minutes(seconds))


def month(number: int) -> str:
    return listed("time.months", number - 1)


def day(iso: str) -> str:
    """An ISO date as "Kamis 26 November"; what is no date is said as it came."""
    try:
        date = dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    return t("time.date", weekday=listed("time.weekdays", date.weekday()), day=date.day, month=month(date.month))


def moment(iso: str) -> str:
    """An ISO date and time as "Kamis 26 November pukul 16.40"; what is none is said as it came."""
    try:
        at = dt.datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return t("time.moment", date=day(at.date().isoformat()), hour=at.hour, minute=f"{at.minute:02}")


def trouble(kind: Trouble, medium: Medium) -> str:
    """Why a medium cannot be printed now, as a sentence."""
    return t(f"trouble.{medium}.{kind}")


def notice(view: NoticeView) -> str:
    """What happened and what now, as one text."""
    sentences = [t(f"notice.what.{view.kind}")]
    if view.trouble is not None and view.medium is not None:
        sentences.insert(0, trouble(view.trouble, view.medium))
    if view.seconds is not None:
        sentences.append(t("notice.seconds", time=duration(view.seconds)))
    return " ".join(sentences)


def not_now(state: MediumState, ready: Iterable[MediumState]) -> str:
    """Why a medium cannot be printed now, and what still can."""
    sentences = [trouble(state.trouble, state.medium)] if state.trouble else []
    sentences += [t(f"home.still.{other.medium}") for other in ready]
    return " ".join([*sentences, t("home.kept")])


def ended(one: Ended) -> str:
    """What became of a chosen document, and why it was not handed out."""
    state = t(f"thanks.ended.{one.state}")
    if one.why is None or one.state is EndState.TAKEN:
        return state
    return t("thanks.why.because", state=state, why=t(f"notice.title.{one.why}") + ".")


def more_of(document: Document) -> str:
    """The second line of a document: whose it is and how long it takes, or why not and what to do."""
    if document.state is DocumentState.READY:
        sheets = t("documents.sheets", count=document.pages) if document.pages and document.pages > 1 else None
        medium = sheets or t(f"documents.medium.{document.medium}")
        line = " · ".join((document.holder, medium, minutes(document.seconds)))
        return f"{line}\n{became(document)}" if document.became else line
    return " ".join(_reason(document))


def became(document: Document) -> str:
    """What became of the last attempt here, and what to do now; nothing if there was none."""
    if document.became is None or document.became_at is None:
        return ""
    again = "ready" if document.state is DocumentState.READY else "not_ready"
    key = f"documents.became.{document.became}"
    return t(f"{key}_{again}" if document.became in PRINTS_AGAIN else key, when=moment(document.became_at))


def _reason(document: Document) -> list[str]:
    sentences = [_state_sentence(document), *_office(document)]
    if document.became is not None and document.state in TOLD_BY_BECAME:
        sentences[0] = became(document)  # which says more than "busy" or "spent"
    if document.other_kiosk:
        sentences.append(t("documents.way.other_kiosk", place=document.other_kiosk))
    if document.state is DocumentState.TROUBLE and (document.courier_on or document.courier_to):
        sentences.append(_courier(document))
    return sentences


def _state_sentence(document: Document) -> str:
    state = document.state
    if state is DocumentState.TROUBLE:
        kind = document.trouble or Trouble.OTHER
        return t("documents.state.trouble", trouble=trouble(kind, document.medium))
    if state is DocumentState.COURIER:
        return _courier(document)
    if state is DocumentState.OFFICE and document.office_at:
        return t("documents.way.office_at", place=document.office_at)
    if state is DocumentState.NOT_HERE and document.other_kiosk:
        return t("documents.way.not_here")
    return t(f"documents.state.{state}")


def _courier(document: Document) -> str:
    date = day(document.courier_on) if document.courier_on else None
    if date and document.courier_to:
        return t("documents.way.courier_on_to", date=date, place=document.courier_to)
    if date:
        return t("documents.way.courier_on", date=date)
    if document.courier_to:
        return t("documents.way.courier_to", place=document.courier_to)
    return t("documents.state.courier")


def _office(document: Document) -> list[str]:
    if document.state is DocumentState.OFFICE and document.office_needs:
        return [t("documents.way.office_needs", needs=document.office_needs)]
    return []
