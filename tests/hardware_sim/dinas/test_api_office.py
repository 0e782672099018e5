"""What the desk does, on a real database and without a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hardware_sim.dinas import permits, pins, seed, tries
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.issuing import Issuer
from hardware_sim.dinas.model import ApplicationState, Kiosk, OutcomeKind, Permit, PermitState, open_database
from hardware_sim.dinas.office import ApplicationView, Office, OfficeError
from hardware_sim.dinas.problems import ProblemError, ProblemKind
from hardware_sim.dinas.sessions import Credentials, Sessions
from hardware_sim.dinas.settings import DinasSettings

SECRET = b"secret"
KIOSK = seed.HOME_KIOSK


class FakeClock:
    """A time that a test moves on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class FakeSender:
    """Keeps what was to be told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []
        self.fails = False

    def send_pin(self, phone: str, pin: str, handle: str) -> None:
        if self.fails:
            raise RuntimeError("131026")
        self.told.append((phone, pin, handle))


@dataclass
class Desk:
    engine: Engine
    office: Office
    sessions: Sessions
    clock: FakeClock
    sender: FakeSender
    settings: DinasSettings = field(default_factory=DinasSettings)

    def waiting(self, nik: str = seed.DEMO_NIK) -> list[ApplicationView]:
        return [a for a in self.office.applications(ApplicationState.TO_VERIFY) if a.nik == nik]

    def log_in(self, pin: str, nik: str = seed.DEMO_NIK) -> str:
        return self.sessions.log_in(KIOSK, Credentials(nik, None, pin))

    def claim(self, permit_id: str, attempt_id: str) -> None:
        with Session(self.engine) as session, session.begin():
            kiosk, permit = session.get_one(Kiosk, KIOSK), session.get_one(Permit, permit_id)
            claimed = permits.claim(session, kiosk, permit, attempt_id, 900, self.clock())
            assert not isinstance(claimed, ProblemKind)

    def tell(self, attempt_id: str, outcome: OutcomeKind) -> None:
        told = permits.Told(outcome, self.clock(), None, None, None)
        with Session(self.engine) as session, session.begin():
            permits.tell(session, session.get_one(Kiosk, KIOSK), attempt_id, told, self.clock())

    def state(self, permit_id: str) -> PermitState:
        return next(p.state for p in self.office.permits() if p.permit_id == permit_id)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def desk(tmp_path: Path, authority: Authority) -> Iterator[Desk]:
    engine, clock, sender, settings = open_database(tmp_path / "dinas.db"), FakeClock(), FakeSender(), DinasSettings()
    seed.fill(engine, clock)
    office = Office(engine, Issuer(authority, settings), sender, settings, clock, SECRET)
    yield Desk(engine, office, Sessions(engine, settings, clock, SECRET), clock, sender, settings)
    engine.dispose()


def test_verifying_makes_a_permit_and_tells_the_pin(desk: Desk) -> None:
    kk = desk.waiting()[0]

    verified = desk.office.verify(kk.application_id, "clerk-1")

    ((phone, pin, handle),) = desk.sender.told
    assert verified.pin_sent
    assert phone == kk.phone
    assert desk.log_in(pin)
    assert desk.sessions.log_in(KIOSK, Credentials(None, handle, pin))
    assert desk.state(verified.permit_id) is PermitState.READY


def test_an_application_is_decided_once(desk: Desk) -> None:
    first, second = desk.waiting()[:2]
    desk.office.verify(first.application_id, "clerk-1")
    desk.office.reject(second.application_id, "clerk-1", "Foto buram")

    for application in (first, second):
        with pytest.raises(OfficeError):
            desk.office.verify(application.application_id, "clerk-1")
    assert desk.office.application(second.application_id).reason == "Foto buram"


def test_a_pin_on_the_way_to_the_kiosk_stays_good_when_more_is_verified(desk: Desk) -> None:
    kk, ktp = desk.waiting()[:2]
    desk.office.verify(kk.application_id, "clerk-1")

    second = desk.office.verify(ktp.application_id, "clerk-1")

    assert not second.pin_sent
    ((_, pin, _),) = desk.sender.told
    assert desk.log_in(pin)


def test_when_all_was_printed_the_next_document_brings_a_new_pin(desk: Desk) -> None:
    kk, ktp = desk.waiting()[:2]
    permit_id = desk.office.verify(kk.application_id, "clerk-1").permit_id
    desk.claim(permit_id, "a-1")
    desk.tell("a-1", OutcomeKind.PRINTED)

    assert desk.office.verify(ktp.application_id, "clerk-1").pin_sent

    assert len(desk.sender.told) == 2


def test_a_message_that_fails_leaves_the_permit_and_says_so(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.sender.fails = True

    verified = desk.office.verify(desk.waiting()[0].application_id, "clerk-1")

    assert not verified.pin_sent
    assert desk.state(verified.permit_id) is PermitState.READY
    assert "131026" not in caplog.text


def test_a_new_pin_kills_the_old_one_and_lifts_the_lock(desk: Desk) -> None:
    desk.office.verify(desk.waiting()[0].application_id, "clerk-1")
    old = desk.sender.told[0][1]
    for _ in range(tries.TRIES):
        with pytest.raises(ProblemError):
            desk.log_in("000000" if old != "000000" else "000001")

    desk.office.reissue_pin(seed.DEMO_NIK, "clerk-1")

    assert desk.log_in(desk.sender.told[1][1])
    with pytest.raises(ProblemError, match="credentials"):
        desk.log_in(old)


def test_asking_again_and_again_sends_once_in_a_while(desk: Desk) -> None:
    desk.office.verify(desk.waiting()[0].application_id, "clerk-1")

    for _ in range(3):
        desk.office.resend_pin(seed.DEMO_NIK)
    assert len(desk.sender.told) == 2
    desk.clock.pass_by(seconds=desk.settings.resend_pause_s)
    desk.office.resend_pin(seed.DEMO_NIK)

    assert len(desk.sender.told) == 3
    desk.office.resend_pin("7101010101900001")
    assert len(desk.sender.told) == 3


def test_nobody_without_a_verified_document_can_log_in(desk: Desk) -> None:
    desk.office.resend_pin(seed.DEMO_NIK)

    assert desk.sender.told == []
    with pytest.raises(ProblemError, match="credentials"):
        desk.log_in("123456")


def test_locks_end_and_grow(desk: Desk) -> None:
    for expected in (desk.settings.lock_s, 2 * desk.settings.lock_s):
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(ProblemError) as wrong:
                desk.log_in("123456")
            assert wrong.value.members == {"attempts_left": left}
        with pytest.raises(ProblemError) as locked:
            desk.log_in("123456")
        assert locked.value.members == {"retry_after_s": expected}
        desk.clock.pass_by(seconds=expected)


def test_the_handle_counts_for_the_nik_that_it_stands_for(desk: Desk) -> None:
    desk.office.verify(desk.waiting()[0].application_id, "clerk-1")
    _, pin, handle = desk.sender.told[0]
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    for credentials in (Credentials(None, handle, wrong), Credentials(seed.DEMO_NIK, None, wrong)) * 2:
        with pytest.raises(ProblemError):
            desk.sessions.log_in(KIOSK, credentials)

    with pytest.raises(ProblemError) as fifth:
        desk.sessions.log_in(KIOSK, Credentials(None, handle, wrong))

    assert fifth.value.members == {"attempts_left": 0}


def test_a_try_is_counted_before_anything_is_compared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_arguments: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(pins, "matches", cut)
    with pytest.raises(KeyboardInterrupt):
        desk.log_in("123456")

    monkeypatch.undo()
    with pytest.raises(ProblemError) as second:
        desk.log_in("123456")
    assert second.value.members == {"attempts_left": 3}


def test_every_login_does_the_work_of_one_comparison(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known, unknown, without PIN, locked: one scrypt each, so that time tells nothing."""
    desk.office.verify(desk.waiting()[0].application_id, "clerk-1")
    real, worked = pins._scrypt, []
    monkeypatch.setattr(pins, "_scrypt", lambda pin, salt: worked.append(1) or real(pin, salt))
    locked = "7101010101900002"
    for _ in range(tries.TRIES):
        with pytest.raises(ProblemError):
            desk.log_in("123456", locked)

    for nik in (seed.DEMO_NIK, "7101010101900001", "3523114107570002", locked):
        worked.clear()
        with pytest.raises(ProblemError):
            desk.log_in("000000" if desk.sender.told[0][1] != "000000" else "000001", nik)
        assert len(worked) == 1


def test_a_suspect_is_settled_by_an_operator(desk: Desk) -> None:
    permit_id = desk.office.verify(desk.waiting()[0].application_id, "clerk-1").permit_id
    desk.claim(permit_id, "a-1")
    desk.tell("a-1", OutcomeKind.UNKNOWN)
    assert [p.permit_id for p in desk.office.permits(PermitState.SUSPECT)] == [permit_id]

    desk.office.settle_suspect(permit_id, OutcomeKind.NOT_PRINTED, "op-1")

    assert desk.state(permit_id) is PermitState.READY
    with pytest.raises(ProblemError, match="outcome-conflict"):
        desk.tell("a-1", OutcomeKind.PRINTED)
    with pytest.raises(OfficeError):
        desk.office.settle_suspect(permit_id, OutcomeKind.NOT_PRINTED, "op-1")


def test_a_spoiled_blank_is_accounted_for_at_the_desk(desk: Desk) -> None:
    permit_id = desk.office.verify(desk.waiting()[0].application_id, "clerk-1").permit_id
    desk.claim(permit_id, "a-1")
    with pytest.raises(OfficeError):
        desk.office.account_spoiled(permit_id, "op-1")
    desk.tell("a-1", OutcomeKind.SPOILED)
    assert desk.state(permit_id) is PermitState.SUSPECT

    desk.office.account_spoiled(permit_id, "op-1")

    assert desk.state(permit_id) is PermitState.READY


def test_a_claim_that_nobody_reports_is_suspect_and_a_late_outcome_still_counts(desk: Desk) -> None:
    permit_id = desk.office.verify(desk.waiting()[0].application_id, "clerk-1").permit_id
    desk.claim(permit_id, "a-1")
    desk.clock.pass_by(seconds=901)
    with Session(desk.engine) as session, session.begin():
        permits.sweep(session, desk.clock())
    assert desk.state(permit_id) is PermitState.SUSPECT

    desk.tell("a-1", OutcomeKind.PRINTED)

    assert desk.state(permit_id) is PermitState.PRINTED


def test_sessions_end_by_time(desk: Desk) -> None:
    desk.office.verify(desk.waiting()[0].application_id, "clerk-1")
    token = desk.log_in(desk.sender.told[0][1])
    desk.clock.pass_by(seconds=desk.settings.session_s)

    with pytest.raises(ProblemError, match="session-expired"), Session(desk.engine) as session:
        desk.sessions.login(session, KIOSK, token)


def test_pins_are_never_what_everybody_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([777777, 123456, 987654, 12345, 135790])
    monkeypatch.setattr(pins.secrets, "randbelow", lambda _limit: next(drawn))

    assert pins.new_pin() == "135790"
