"""Effects: started at once, answered by events, and ended in order."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.dinas.contract import BundleRef, Permit, PermitState
from kiosk.engine.effects import Effects, Watch
from kiosk.issuance.run import Issued
from kiosk.protocol import Action, Ended, EndState, Medium, NikFault, NoticeKind, Part, ReceiptState, Step, Trouble
from kiosk.session import events as e
from kiosk.session.visit import Presented, Progress

PERMIT = Permit("p-1", "kk", "a4", "Kartu Keluarga", "S***", PermitState.READY, BundleRef(1, ""))
PRINT = e.Print(PERMIT, "token")
NAME = "BUDI SANTOSO"
TAKEN = Issued(EndState.TAKEN, None, "attempt-1")


class Surroundings:
    """What the effects reach: each does what a test says, and what came of it is kept."""

    def __init__(self) -> None:
        self.issue: Callable[[Watch], Any] = self._taken
        self.called: list[Any] = []
        self.happened: list[tuple[e.Event, int]] = []
        self.broken: list[Exception] = []
        self.receipt = True
        self.effects = Effects(self, self._issue, self, self.broken.append)  # type: ignore[arg-type]  # stands for way in and receipts
        self.effects.happened = lambda event, number: self.happened.append((event, number))

    async def _taken(self, watch: Watch) -> Issued:
        return TAKEN

    async def _issue(self, permit: Permit, token: str, watch: Watch) -> Issued:
        issued: Issued = await self.issue(watch)
        return issued

    async def log_in(self, asked: e.LogIn) -> e.Event:
        return e.WrongPin(3)

    async def resend_pin(self, asked: e.ResendPin) -> e.Event:
        return e.TimedOut()

    async def log_out(self, asked: e.LogOut) -> None:
        self.called.append(asked)

    async def nik_refused(self, asked: e.NikRefused) -> None:
        self.called.append(asked)

    async def print(self, ended: tuple[Ended, ...], attempt_ids: tuple[str, ...]) -> bool:
        await asyncio.sleep(0.01)  # as a printer, which answers later
        self.called.append(attempt_ids)
        return self.receipt

    async def all_done(self) -> None:
        async with asyncio.timeout(5):
            while self.effects.at_work:
                await asyncio.sleep(0)

    async def ended(self, *effects: e.Effect, visit: int = 1) -> list[e.Event]:
        for effect in effects:
            self.effects.carry_out(effect, visit)
            await self.all_done()
        return [event for event, _ in self.happened]


@pytest.fixture
async def around() -> Surroundings:
    return Surroundings()


async def test_what_comes_of_an_effect_goes_back_with_the_number_of_its_visit(around: Surroundings) -> None:
    await around.ended(e.LogIn("3523165708790001", None, "123456"), visit=7)

    assert around.happened == [(e.WrongPin(3), 7)]


async def test_what_is_only_written_down_answers_nothing(around: Surroundings) -> None:
    noted = (e.NikRefused(NikFault.DATE), e.LogOut("token"))

    assert await around.ended(*noted) == []
    assert around.called == list(noted)


async def test_a_document_that_was_taken_ends_without_a_notice(around: Surroundings) -> None:
    assert await around.ended(PRINT) == [e.DocumentEnded(Ended("Kartu Keluarga", EndState.TAKEN, None), None)]


@pytest.mark.parametrize(
    ("issued", "kind", "onward"),
    [
        (Issued(EndState.NOT_PRINTED, NoticeKind.NOT_GENUINE, "a"), NoticeKind.NOT_GENUINE, Action.CONTINUE),
        (Issued(EndState.NOT_PRINTED, NoticeKind.SESSION_EXPIRED, "a"), NoticeKind.SESSION_EXPIRED, Action.FINISH),
        (Issued(EndState.IN_DOUBT, None, "a"), NoticeKind.IN_DOUBT, Action.CONTINUE),
    ],
)
async def test_any_other_end_is_told_with_a_way_on(
    around: Surroundings, issued: Issued, kind: NoticeKind, onward: Action
) -> None:
    async def issue(watch: Watch) -> Issued:
        return issued

    around.issue = issue
    (event,) = await around.ended(PRINT)

    assert isinstance(event, e.DocumentEnded)
    assert event.notice is not None
    assert (event.notice.kind, event.notice.actions) == (kind, (onward, Action.HELP))
    assert (event.notice.title, event.notice.medium) == ("Kartu Keluarga", Medium.A4)


async def test_a_person_follows_the_attempt_and_their_word_reaches_it(around: Surroundings) -> None:
    async def issue(watch: Watch) -> Issued:
        watch.progressed(Step.PRINT, steps=(Step.PRINT,), done=0.5, seconds_left=9, trouble=Trouble.MEDIA_EMPTY)
        watch.presented(Part.PAPER_TRAY, seconds_left=60, seconds_total=60, sensed=False)
        await watch.taken()
        return TAKEN

    around.issue = issue
    around.effects.carry_out(PRINT, 1)
    await asyncio.sleep(0.01)
    assert [event for event, _ in around.happened] == [
        e.Progressed(Progress(Step.PRINT, 0.5, 9, Trouble.MEDIA_EMPTY, (Step.PRINT,))),
        e.HandedOut(Presented(Part.PAPER_TRAY, 60, 60, sensed=False)),
    ]
    assert around.effects.at_work

    await around.ended(e.SaysTaken())
    assert isinstance(around.happened[-1][0], e.DocumentEnded)


async def test_a_word_when_nothing_is_being_made_does_nothing(around: Surroundings) -> None:
    assert await around.ended(e.SaysTaken()) == []


@pytest.mark.parametrize(("printed", "state"), [(True, ReceiptState.PRINTED), (False, ReceiptState.NONE)])
async def test_the_receipt_names_the_attempts_of_this_visit_only(
    around: Surroundings, printed: bool, state: ReceiptState
) -> None:
    around.receipt = printed
    before = (PRINT, e.LogIn(None, "handle", "123456"))
    events = await around.ended(*before, PRINT, e.PrintReceipt(()))

    assert events[-1] == e.ReceiptEnded(state)
    assert around.called == [("attempt-1",)]


async def test_what_fails_puts_the_kiosk_out_of_service_and_its_text_is_not_logged(
    around: Surroundings, caplog: pytest.LogCaptureFixture
) -> None:
    async def issue(watch: Watch) -> Issued:
        raise RuntimeError(NAME)

    around.issue = issue

    assert await around.ended(PRINT) == []
    assert [type(error) for error in around.broken] == [RuntimeError]
    assert "Print failed: RuntimeError" in caplog.text
    assert NAME not in caplog.text


async def test_an_end_waits_for_the_document_and_for_what_follows_upon_it(around: Surroundings) -> None:
    go_on = asyncio.Event()

    async def issue(watch: Watch) -> Issued:
        await go_on.wait()
        return TAKEN

    def follow(event: e.Event, visit: int) -> None:
        if isinstance(event, e.DocumentEnded):
            around.effects.carry_out(e.PrintReceipt((event.ended,)), visit)

    around.issue, around.effects.happened = issue, follow
    around.effects.carry_out(PRINT, 1)
    asyncio.get_running_loop().call_later(0.01, go_on.set)
    await around.effects.finish(5)

    assert around.called == [("attempt-1",)]
    assert not around.effects.at_work


async def test_an_end_does_not_wait_for_ever(around: Surroundings) -> None:
    cancelled: list[bool] = []

    async def issue(watch: Watch) -> Issued:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return TAKEN

    around.issue = issue
    around.effects.carry_out(PRINT, 1)
    await asyncio.sleep(0)
    await around.effects.finish(0.05)

    assert cancelled == [True]
    assert around.happened == []
    assert around.broken == []
