"""What a power cut must not undo, what must never be stored or logged, and a clean end."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.dinas.model import open_database
from hardware_sim.dinas.testing import RunningDinas, running


def test_tries_and_claims_outlive_a_killed_process(tmp_path: Path, api_of: Callable[[RunningDinas], Any]) -> None:
    first = RunningDinas(tmp_path)
    api = api_of(first)
    locked, claimed = api.prepare(), api.prepare()
    wrong = f"{(int(locked.pin) + 1) % 10**6:06d}"
    for _ in range(3):
        api.kiosk.ask("POST /v1/sessions", body={"nik": locked.nik, "pin": wrong})
    token, attempt_id = api.kiosk.log_in(claimed), str(uuid.uuid4())
    claim = api.kiosk.claim(token, claimed.permit_id, attempt_id).json()

    first.kill()

    with running(tmp_path) as second:
        api = api_of(second)
        answer = api.kiosk.ask("POST /v1/sessions", body={"nik": locked.nik, "pin": wrong})
        assert answer.json()["attempts_left"] == 1
        assert api.kiosk.claim(token, claimed.permit_id, attempt_id).json() == claim


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    """A killed process does not show what a power cut takes: so the settings themselves are looked at."""
    engine = open_database(tmp_path / "dinas.db")
    with engine.connect() as connection:
        modes = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    engine.dispose()

    assert modes == ["wal", 2]  # 2 is FULL


def test_no_pin_and_no_typed_number_is_stored_or_logged(tmp_path: Path, api_of: Callable[[RunningDinas], Any]) -> None:
    with running(tmp_path) as dinas:
        api = api_of(dinas)
        prepared, nobody = api.prepare(), "7101010101900001"
        api.kiosk.log_in(prepared)
        api.kiosk.ask("POST /v1/sessions", body={"nik": nobody, "pin": "918273"})
        api.kiosk.ask("POST /v1/sessions", body={"nik": nobody, "pin": "9182"})
        api.kiosk.ask("POST /v1/pin-requests", body={"nik": prepared.nik})
    with sqlite3.connect(tmp_path / "dinas.db") as database:
        dump = "\n".join(database.iterdump())

    for secret in (prepared.pin, nobody, "918273"):
        assert f"'{secret}'" not in dump
        assert secret not in dinas.log
    assert prepared.nik not in dinas.log


@pytest.mark.parametrize("away", [None, "refuse", "hang"])
def test_sigterm_is_a_clean_end_with_a_warm_connection_and_when_away(
    tmp_path: Path, api_of: Callable[[RunningDinas], Any], away: str | None
) -> None:
    dinas = RunningDinas(tmp_path)
    api = api_of(dinas)
    api.kiosk.ask("GET /v1/kiosk")
    if away:
        api.do("away", mode=away)

    assert dinas.stop() == 0

    assert not (tmp_path / "dinas.json").exists()
    assert "Traceback" not in dinas.log
