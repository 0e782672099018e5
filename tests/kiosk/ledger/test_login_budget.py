"""The kiosk's own pause after failed logins in a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from set_time import FakeTime

from kiosk.ledger.ledger import Ledger
from kiosk.ledger.login_budget import pause_after


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (12, 1920), (13, 3600), (14, 3600), (10_000, 3600)],
)
def test_five_are_free_then_15_s_doubling_to_an_hour(failures: int, seconds: float) -> None:
    assert pause_after(failures) == seconds


async def test_the_pause_runs_from_the_last_failure(ledger: Ledger, time_: FakeTime) -> None:
    for _ in range(5):
        assert ledger.login_wait_s == 0
        await ledger.charge_login()
    assert (ledger.login_wait_s, ledger.login_failures) == (15, 5)
    time_.monotonic += 14
    assert ledger.login_wait_s == 1
    time_.monotonic += 2
    assert ledger.login_wait_s == 0
    await ledger.charge_login()
    assert ledger.login_wait_s == 30


async def test_a_success_ends_the_row_and_an_unjudged_try_does_not_count(ledger: Ledger) -> None:
    for _ in range(4):
        await ledger.charge_login()
    await ledger.charge_login()
    await ledger.refund_login()
    assert ledger.login_wait_s == 0
    await ledger.charge_login()
    assert ledger.login_wait_s == 15
    await ledger.login_succeeded()
    assert ledger.login_wait_s == 0
    await ledger.refund_login()  # never below none
    await ledger.charge_login()
    assert ledger.login_wait_s == 0


async def test_neither_a_restart_nor_a_clock_set_back_gives_tries_away(tmp_path: Path, time_: FakeTime) -> None:
    first = await Ledger.open(tmp_path, now=time_.now, clock=time_.clock)
    for _ in range(6):
        await first.charge_login()
    await first.close()
    time_.monotonic = 3.0  # a machine that was switched off and on
    second = await Ledger.open(tmp_path, now=time_.now, clock=time_.clock)
    assert second.login_wait_s == 30
    await second.close()
