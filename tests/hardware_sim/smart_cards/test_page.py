"""docs/devices/card-reader.md names every error, act and fault that there is."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path

import pytest

from drivers.card_reader import errors
from drivers.errors import DeviceError
from hardware_sim.smart_cards.slots import Faults
from hardware_sim.smart_cards.world import KINDS, SmartCards

PAGE = (Path(__file__).parents[3] / "docs" / "devices" / "card-reader.md").read_text(encoding="utf-8")
ERRORS = sorted(
    name
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, DeviceError) and kind.__module__ == errors.__name__
)


@pytest.mark.parametrize("name", [*ERRORS, *(fault.name for fault in fields(Faults)), *KINDS])
def test_it_is_on_the_page(name: str) -> None:
    assert name in PAGE


def test_every_act_is_on_the_page(tmp_path: Path) -> None:
    of_all_devices = {"arm", "disarm", "repair"}

    assert [act for act in SmartCards(tmp_path).acts if act not in of_all_devices and f"`{act}" not in PAGE] == []
