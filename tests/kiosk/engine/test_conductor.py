"""Events in, a View out, effects on their way."""

from dataclasses import replace

import pytest

from kiosk import protocol as p
from kiosk.engine.conductor import Conductor
from kiosk.session import events as e
from kiosk.session.machine import Machine
from kiosk.session.visit import Notice
from kiosk.settings import Visit

NIK = "3523165708790001"
MEDIA = (p.MediumState(p.Medium.A4, ready=True, seconds=60),)


class Stage:
    """A conductor with its surroundings written down."""

    def __init__(self) -> None:
        self.now = 0.0
        self.shows: list[p.Show] = []
        self.effects: list[tuple[e.Effect, int]] = []
        self.conductor = Conductor(
            Machine(site="Tuban", help="", media=MEDIA, dinas=True),
            Visit(),
            show=self.shows.append,
            carry_out=lambda effect, number: self.effects.append((effect, number)),
            clock=lambda: self.now,
        )
        self.conductor.tick()

    @property
    def page(self) -> int:
        return self.shows[-1].page

    def say(self, intent: p.Intent) -> None:
        self.conductor.said(p.Said(self.page, intent))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_what_has_not_changed_is_not_shown_again(stage: Stage) -> None:
    stage.conductor.tick()

    assert len(stage.shows) == 1


def test_a_tap_on_a_page_that_is_gone_does_nothing(stage: Stage) -> None:
    home = stage.page
    stage.say(p.Begin(p.Way.NIK))
    stage.conductor.said(p.Said(home, p.Begin(p.Way.NIK)))
    stage.conductor.said(p.Said(home, p.Finish()))

    assert isinstance(stage.shows[-1].view, p.NikView)


def test_what_comes_back_for_a_visit_that_is_over_is_dropped(stage: Stage) -> None:
    stage.say(p.Begin(p.Way.NIK))
    stage.say(p.EnterNik(NIK))
    stage.say(p.EnterPin("123456"))
    _, first = stage.effects[-1]
    locked = Notice(p.NoticeKind.LOCKED, (p.Action.FINISH,))
    stage.conductor.happened(e.Refused(locked), first)
    stage.say(p.Finish())
    stage.say(p.Begin(p.Way.NIK))
    stage.say(p.EnterNik(NIK))
    stage.say(p.EnterPin("123456"))
    stage.conductor.happened(e.WrongPin(1), first)

    view = stage.shows[-1].view
    assert isinstance(view, p.PinView)
    assert view.checking


def test_somebody_who_walked_away_is_asked_and_then_forgotten(stage: Stage) -> None:
    stage.say(p.Begin(p.Way.NIK))
    stage.now = 31
    stage.conductor.tick()
    assert stage.shows[-1].still_there_s == 19

    stage.conductor.said(p.Said(0, p.Touched()))
    assert stage.shows[-1].still_there_s is None

    stage.now = 90
    stage.conductor.tick()
    assert isinstance(stage.shows[-1].view, p.HomeView)


def test_a_machine_that_breaks_while_nobody_is_there_says_so(stage: Stage) -> None:
    stage.conductor.machine_changed(replace(stage.conductor.machine, media=()))

    assert isinstance(stage.shows[-1].view, p.OutOfServiceView)
