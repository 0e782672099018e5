"""The tree on its socket: exact, complete, and without digits."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from stage import Stage
from views_shown import NIK, SITE, one_of_each

from kiosk.protocol import NikView, PinView, Show, Way
from kiosk.screen.widgets.described import ROLES

pytestmark = pytest.mark.window


def test_item_has_all_that_a_test_or_a_voice_needs(stage: Stage) -> None:
    for case in one_of_each():
        stage.show(case.show, case.after)
        for item in stage.items():
            assert set(item) == {"role", "label", "spoken", "bounds", "enabled", "checked"}
            assert item["role"] in ROLES


def test_order_is_that_of_reading(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))

    labels = [item["label"] for item in stage.items()]

    assert labels[0] == "Ketik NIK Anda"
    assert labels.index("1") < labels.index("9") < labels.index("Kembali") < labels.index("Lanjut")
    assert labels[-2:] == ["Panggil petugas", "Selesai"]


def test_bounds_are_where_a_tap_hits(stage: Stage) -> None:
    """Each key is tapped by its bounds, in a corner, and types itself."""
    stage.show(Show(1, SITE, NikView()))
    for item in [i for i in stage.items() if i["role"] == "keypad_key" and i["label"].isdigit()]:
        left, top, width, height = item["bounds"]
        stage.tap_at(left + 3, top + 3)
        stage.tap_at(left + width - 3, top + height - 3)

    assert stage.root.current_page.digits == "1122334455667788"


@pytest.mark.parametrize("view", [NikView(), PinView(Way.NIK, "0021")], ids=["nik", "pin"])
def test_digits_are_not_told(stage: Stage, view: Any) -> None:
    stage.show(Show(1, SITE, view))
    before = {item["label"] for item in stage.items()}
    for digit in NIK[:6]:
        stage.tap(digit)

    told = {item["label"] for item in stage.items()} - before

    assert not any(NIK[:3] in label for label in told)
    assert any("sudah 6 dari" in label for label in told)


def test_socket_answers_one_line_for_each_connection(stage: Stage, tmp_path: Path) -> None:
    from kiosk.screen.tree import TreeSocket

    stage.show(Show(3, SITE, NikView()))
    waiting: list[Any] = []
    tree = TreeSocket(tmp_path / "tree.sock", stage.root, waiting.append)
    answers: list[bytes] = []

    def ask() -> None:
        for _ in range(2):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(tmp_path / "tree.sock"))
                answers.append(client.makefile("rb").read())

    asking = threading.Thread(target=ask)
    asking.start()
    while asking.is_alive():  # this thread is the UI thread
        while waiting:
            waiting.pop()()
        asking.join(0.01)
    tree.stop()

    assert len(answers) == 2
    told = json.loads(answers[0])
    assert (told["page"], told["view"], told["size"]) == (3, "nik", [1080, 1920])
    assert answers[0].count(b"\n") == 1
    assert not (tmp_path / "tree.sock").exists()
