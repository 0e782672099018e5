"""A start that lacks something ends with one sentence that names the file, and the screen says so meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
from collections.abc import Callable

import pytest
from little_kiosk import LittleKiosk

from hardware_sim.dinas.ca import Authority
from kiosk.engine import app
from kiosk.ledger.events import LoggedOut
from kiosk.ledger.invariants import violations
from kiosk.protocol import OutOfServiceView, OutReason, Show

NAME = "BUDI SANTOSO"
Spoil = Callable[[LittleKiosk], object]


def missing(name: str) -> Spoil:
    return lambda kiosk: (kiosk.folder / name).unlink()


def wrong(name: str, text: str = "no such thing") -> Spoil:
    return lambda kiosk: (kiosk.folder / name).write_text(text)


async def end_of(kiosk: LittleKiosk, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[Show]]:
    """Run an engine until its failed start ends; its exit status, and what a screen would have seen."""
    shows: list[Show] = []
    monkeypatch.setattr(app.ScreenLink, "show", lambda self, show: shows.append(show))
    monkeypatch.setattr(app, "FAULT_SHOWN_S", 0.05)
    return await app.Engine(kiosk.settings()).run(), shows


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        pytest.param(missing("kiosk.pem"), "kiosk.pem", id="certificate missing"),
        pytest.param(wrong("kiosk.pem"), "kiosk.pem", id="certificate wrong"),
        pytest.param(missing("kiosk.key"), "kiosk.key", id="key missing"),
        pytest.param(wrong("kiosk.key"), "kiosk.key", id="key wrong"),
        pytest.param(missing("ca.pem"), "ca.pem", id="CA missing"),
        pytest.param(wrong("ca.pem"), "ca.pem", id="CA wrong"),
        pytest.param(missing("documents.pem"), "documents.pem", id="root of documents missing"),
        pytest.param(wrong("cards.pem"), "cards.pem", id="root of cards wrong"),
        pytest.param(missing("documents.toml"), "documents.toml", id="catalogue missing"),
        pytest.param(wrong("documents.toml", "[documents.kk]\ntitle = 1"), "documents.toml", id="catalogue wrong"),
        pytest.param(missing("card_layouts/ktp-el.toml"), "ktp-el.toml", id="layout missing"),
        pytest.param(wrong("card_layouts/kia.toml", "row = 3"), "kia.toml", id="layout wrong"),
        pytest.param(wrong("state"), "state", id="folder of the ledger is a file"),
        pytest.param(wrong("run"), "run", id="runtime folder is a file"),
    ],
)
async def test_what_is_lacking_is_named_in_one_sentence(
    kiosk: LittleKiosk,
    spoil: Spoil,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(kiosk)
    status, shows = await end_of(kiosk, monkeypatch)

    assert status == 1
    (sentence,) = [r.getMessage() for r in caplog.records if r.levelno == logging.CRITICAL]
    assert sentence.startswith("cannot start: ")
    assert str(kiosk.folder / name) in sentence or name in sentence
    assert "\n" not in sentence
    view = shows[-1].view
    assert isinstance(view, OutOfServiceView)
    assert view.reason is OutReason.FAULT


async def test_a_part_that_fails_while_it_runs_takes_the_kiosk_out_of_service_until_the_next_start(
    kiosk: LittleKiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(outbox: object) -> None:
        raise RuntimeError(NAME)

    monkeypatch.setattr(app.Outbox, "run", fail)
    status, shows = await end_of(kiosk, monkeypatch)

    assert status == 1
    view = shows[-1].view
    assert isinstance(view, OutOfServiceView)
    assert view.reason is OutReason.FAULT
    written = [event for event in kiosk.audit() if event.startswith("kiosk-")]
    assert written == ["kiosk-started"], "an end that was none in order is not written as one"
    assert "RuntimeError" in caplog.text
    assert NAME not in caplog.text


async def test_the_key_of_another_kiosk_is_told(
    kiosk: LittleKiosk, authority: Authority, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, key = authority.kiosk_certificate("adm-uji-2")
    (kiosk.folder / "kiosk.key").write_bytes(key.read_bytes())
    status, _ = await end_of(kiosk, monkeypatch)

    assert status == 1
    assert f"fitting {kiosk.folder / 'kiosk.key'}" in caplog.text


async def test_a_disk_that_fills_up_while_it_serves_takes_the_kiosk_out_of_service_with_the_way_out_in_the_log(
    kiosk: LittleKiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The ledger lies on a disk of its own, which is full from the moment at which the kiosk is open."""
    state = kiosk.folder / "state"
    state.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(state)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a file system here")
    filled = asyncio.Event()

    async def run(outbox: object) -> None:
        with contextlib.suppress(OSError), (state / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))
        filled.set()
        while True:
            await outbox._ledger.record(LoggedOut(actor="applicant"))  # type: ignore[attr-defined]  # of the outbox

    monkeypatch.setattr(app.Outbox, "run", run)
    try:
        status, shows = await end_of(kiosk, monkeypatch)
        (state / "filler").unlink()
        found = violations(state)
    finally:
        subprocess.run(["umount", str(state)], check=True)

    assert filled.is_set()
    assert status == 1
    view = shows[-1].view
    assert isinstance(view, OutOfServiceView)
    assert view.reason is OutReason.FAULT
    [sentence] = [r.getMessage() for r in caplog.records if r.getMessage().startswith("out of service: ")]
    assert str(state) in sentence
    assert "the disk is full; make room" in sentence
    assert found == []
