"""Lines of upsd, and what the words of ups.status mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.ups.frames import (
    NOT_KNOWN,
    ListBegins,
    ListEnds,
    PowerState,
    Refusal,
    Source,
    Variable,
    list_variables,
    parse_answer,
    power_of,
    words,
)

PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"'), min_size=1, max_size=20)


def quoted(text: str) -> str:
    """As upsd writes a value."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(PLAIN, PLAIN, st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=60))
@example("adm", "device.model", 'a "quoted" \\ thing')
def test_a_variable_is_read_whatever_its_value(ups: str, name: str, value: str) -> None:
    assert parse_answer(f"VAR {ups} {name} {quoted(value)}\n") == Variable(ups, name, value)


@given(st.text(max_size=200))
@example('VAR adm ups.status "OL')
@example('VAR adm ups.status "OL\\"')
@example('VAR adm ups.status "OL"x')
@example("")
def test_any_other_line_is_a_value_error(line: str) -> None:
    try:
        answer = parse_answer(line)
    except ValueError:
        return
    assert words(line)[0] in {"VAR", "BEGIN", "END", "ERR"}
    assert isinstance(answer, Variable | ListBegins | ListEnds | Refusal)


@pytest.mark.parametrize("line", ['VAR a b "OL', 'VAR a b "OL\\"', 'VAR a b "OL"x', "VAR a b", "", "OK", "ERR"])
def test_lines_that_are_no_answer(line: str) -> None:
    with pytest.raises(ValueError, match="a line"):
        parse_answer(line)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("BEGIN LIST VAR adm\n", ListBegins()),
        ("END LIST VAR adm\n", ListEnds()),
        ("ERR DATA-STALE\n", Refusal("DATA-STALE")),
        ("ERR ACCESS-DENIED extra words\r\n", Refusal("ACCESS-DENIED")),
        ('VAR adm ups.status "OB LB"\n', Variable("adm", "ups.status", "OB LB")),
    ],
)
def test_answers(line: str, answer: object) -> None:
    assert parse_answer(line) == answer


@pytest.mark.parametrize("name", ["", "a b", 'a"', "a\nLIST UPS", "ü", "x" * 65])
def test_a_name_that_could_be_two_commands_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a UPS"):
        list_variables(name)


@pytest.mark.parametrize(
    ("status", "source"),
    [
        ("OL", Source.MAINS),
        ("OL CHRG", Source.MAINS),
        ("OL CHRG LB", Source.MAINS),  # the mains came back to an empty battery
        ("ALARM OL RB", Source.MAINS),
        ("OL BOOST", Source.MAINS),
        ("OB", Source.BATTERY),
        ("OB DISCHRG", Source.BATTERY),
        ("OB DISCHRG LB", Source.LOW),
        ("OB LB FSD", Source.LOW),
        ("FSD OL", Source.LOW),  # told to cut the power; the mains does not help
        ("WAIT", Source.UNKNOWN),
        ("OFF", Source.UNKNOWN),
        ("", Source.UNKNOWN),
        ("OL OB", Source.UNKNOWN),
        ("LB", Source.UNKNOWN),
        ("OLB", Source.UNKNOWN),  # a word that only begins like one
    ],
)
def test_where_the_power_comes_from(status: str, source: Source) -> None:
    assert power_of({"ups.status": status}) == PowerState(source, replace_battery="RB" in status)


def test_charge_and_runtime_are_none_where_they_are_not_told() -> None:
    told = {"ups.status": "OB", "battery.charge": "87.5", "battery.runtime": "1200"}

    assert power_of(told) == PowerState(Source.BATTERY, 87.5, 1200.0)
    assert power_of({}) == NOT_KNOWN


@given(st.text(max_size=12), st.text(max_size=12) | st.sampled_from(["nan", "inf", "-1", "1e400", "101", "0"]))
def test_numbers_that_are_none_are_none(charge: str, runtime: str) -> None:
    power = power_of({"ups.status": "OB", "battery.charge": charge, "battery.runtime": runtime})

    assert power.charge is None or 0 <= power.charge <= 100
    assert power.runtime_s is None or 0 <= power.runtime_s < math.inf
