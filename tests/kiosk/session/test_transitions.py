"""A visit from page to page."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import get_args

import msgspec
import pytest

from kiosk import protocol as p
from kiosk.dinas.contract import Delivery, OtherKiosk, Permit, PermitState, Session
from kiosk.session import events as e
from kiosk.session.machine import Machine
from kiosk.session.transitions import TABLE, advance
from kiosk.session.views import view_of
from kiosk.session.visit import NOBODY, Notice, Page, Presented, Progress, Visit

NIK = "3523165708790001"
MakeSession = Callable[..., Session]

EVERY_EVENT: dict[type, e.Event] = {
    p.Begin: p.Begin(p.Way.NIK),
    p.EnterNik: p.EnterNik(NIK),
    p.EnterPin: p.EnterPin("123456"),
    p.Choose: p.Choose(("a",)),
    p.Confirm: p.Confirm(),
    p.Taken: p.Taken(),
    p.Act: p.Act(p.Action.CONTINUE),
    p.Back: p.Back(),
    p.Finish: p.Finish(),
    p.AskHelp: p.AskHelp(),
    p.AskHowTo: p.AskHowTo(),
    p.Touched: p.Touched(),
    e.Scanned: e.Scanned("handle"),
    e.WrongPin: e.WrongPin(3),
    e.Refused: e.Refused(Notice(p.NoticeKind.LOCKED, (p.Action.FINISH,), seconds=60)),
    e.Progressed: e.Progressed(Progress()),
    e.HandedOut: e.HandedOut(Presented(p.Part.CARD_SLOT, 40, 45, sensed=True)),
    e.DocumentEnded: e.DocumentEnded(p.Ended("KK", p.EndState.TAKEN)),
    e.ReceiptEnded: e.ReceiptEnded(p.ReceiptState.PRINTED),
    e.TimedOut: e.TimedOut(),
}


def walk(machine: Machine, *happenings: e.Event, start: Visit = NOBODY) -> tuple[Visit, list[e.Effect]]:
    visit, done = start, []
    for happening in happenings:
        visit, effects = advance(visit, happening, machine)
        done.extend(effects)
    return visit, done


@pytest.fixture
def two(make_permit: Callable[..., Permit], make_session: MakeSession) -> Session:
    return make_session(make_permit("a", "kk", "a4"), make_permit("b", "ktp-el", "card"))


def logged_in(machine: Machine, session: Session) -> Visit:
    steps = (p.Begin(p.Way.NIK), p.EnterNik(NIK), p.EnterPin("123456"), e.LoggedIn(session))
    return walk(machine, *steps)[0]


def test_every_event_is_covered_by_this_file() -> None:
    assert set(EVERY_EVENT) | {e.LoggedIn} == set(get_args(e.Event))


def test_an_event_without_an_entry_changes_nothing(fit: Machine) -> None:
    for page, (kind, event) in product(Page, EVERY_EVENT.items()):
        if (page, kind) not in TABLE:
            visit = Visit(page=page)
            assert advance(visit, event, fit) == (visit, ())


def test_the_whole_road_prints_both_and_thanks(fit: Machine, two: Session) -> None:
    visit, done = walk(
        fit,
        p.Begin(p.Way.NIK),
        p.EnterNik(NIK),
        p.EnterPin("123456"),
        e.LoggedIn(two),
        p.Choose(("a", "b")),
        p.Confirm(),
        e.Progressed(Progress(p.Step.PRINT, 0.5, 10)),
        e.HandedOut(Presented(p.Part.PAPER_TRAY, 90, 90, sensed=False)),
        p.Taken(),
        e.DocumentEnded(p.Ended("KK", p.EndState.TAKEN)),
        e.HandedOut(Presented(p.Part.CARD_SLOT, 45, 45, sensed=True)),
        e.DocumentEnded(p.Ended("KTP-EL", p.EndState.TAKEN)),
    )

    assert visit.page is Page.THANKS
    assert [type(effect) for effect in done] == [
        e.LogIn,
        e.Print,
        e.SaysTaken,
        e.Print,
        e.LogOut,
        e.PrintReceipt,
    ]
    assert [effect.permit.permit_id for effect in done if isinstance(effect, e.Print)] == ["a", "b"]


def test_the_last_page_and_the_next_visit_hold_nothing_of_the_person(fit: Machine, two: Session) -> None:
    visit = logged_in(fit, two)
    visit, _ = walk(fit, p.Choose(("a",)), p.Confirm(), e.DocumentEnded(p.Ended("KK", p.EndState.TAKEN)), start=visit)

    assert visit.session is None
    assert visit.nik is None
    assert walk(fit, p.Finish(), start=visit)[0] == NOBODY


def test_repr_shows_nothing_personal(fit: Machine, two: Session) -> None:
    visit, done = walk(fit, p.Begin(p.Way.NIK), p.EnterNik(NIK), p.EnterPin("123456"))

    assert NIK not in repr(visit) + repr(done)
    assert "123456" not in repr(done)
    assert "S***" not in repr(logged_in(fit, two))


@pytest.mark.parametrize(
    ("nik", "fault"),
    [
        ("352316570879", p.NikFault.LENGTH),
        ("352316570879000x", p.NikFault.LENGTH),
        ("3523163213790001", p.NikFault.DATE),
        ("0023165708790001", p.NikFault.REGION),
        ("3523165708790000", p.NikFault.SERIAL),
    ],
)
def test_what_can_be_no_nik_stays_on_the_page_and_asks_nobody(fit: Machine, nik: str, fault: p.NikFault) -> None:
    visit, done = walk(fit, p.Begin(p.Way.NIK), p.EnterNik(nik))

    assert (visit.page, visit.nik_fault, done) == (Page.NIK, fault, [e.NikRefused(fault)])


def test_a_wrong_pin_is_asked_again_with_the_tries_left(fit: Machine) -> None:
    visit, _ = walk(fit, p.Begin(p.Way.NIK), p.EnterNik(NIK), p.EnterPin("123456"), e.WrongPin(2))

    view = view_of(visit, fit)
    assert isinstance(view, p.PinView)
    assert (view.wrong, view.attempts_left, view.nik_tail) == (True, 2, "0001")


def test_a_second_pin_while_the_dinas_is_asked_does_nothing(fit: Machine) -> None:
    _, done = walk(fit, p.Begin(p.Way.NIK), p.EnterNik(NIK), p.EnterPin("123456"), p.EnterPin("123456"))

    assert len(done) == 1


def test_a_second_confirmation_prints_once(fit: Machine, two: Session) -> None:
    _, done = walk(fit, p.Choose(("a",)), p.Confirm(), p.Confirm(), start=logged_in(fit, two))

    assert len([effect for effect in done if isinstance(effect, e.Print)]) == 1


def test_the_same_document_chosen_twice_is_printed_once(fit: Machine, two: Session) -> None:
    visit, _ = walk(fit, p.Choose(("a", "a", "unknown")), start=logged_in(fit, two))

    assert visit.chosen == ("a",)


@pytest.mark.parametrize("state", [s for s in PermitState if s is not PermitState.READY])
def test_only_a_ready_permit_can_be_chosen(
    fit: Machine, make_permit: Callable[..., Permit], make_session: MakeSession, state: PermitState
) -> None:
    visit = logged_in(fit, make_session(make_permit("a", state=state)))

    assert walk(fit, p.Choose(("a",)), start=visit)[0] == visit


def test_a_medium_in_trouble_is_told_and_cannot_be_chosen(no_paper: Machine, two: Session) -> None:
    visit = logged_in(no_paper, two)
    view = view_of(visit, no_paper)

    assert isinstance(view, p.DocumentsView)
    assert [(d.state, d.trouble) for d in view.documents] == [
        (p.DocumentState.TROUBLE, p.Trouble.MEDIA_EMPTY),
        (p.DocumentState.READY, None),
    ]
    assert walk(no_paper, p.Choose(("a", "b")), start=visit)[0].chosen == ("b",)


def test_missing_paper_is_told_on_the_home_page(no_paper: Machine) -> None:
    view = view_of(NOBODY, no_paper)

    assert isinstance(view, p.HomeView)
    assert view.media[1].trouble is p.Trouble.MEDIA_EMPTY


def test_a_session_that_is_over_prints_nothing_more(fit: Machine, two: Session) -> None:
    expired = e.DocumentEnded(
        p.Ended("KK", p.EndState.NOT_PRINTED, p.NoticeKind.SESSION_EXPIRED),
        Notice(p.NoticeKind.SESSION_EXPIRED, (p.Action.FINISH, p.Action.CONTINUE)),
    )
    for way_on in (p.Action.FINISH, p.Action.CONTINUE):
        steps = (p.Choose(("a", "b")), p.Confirm(), expired, p.Act(way_on))
        visit, done = walk(fit, *steps, start=logged_in(fit, two))

        assert (visit.page, visit.session) == (Page.THANKS, None)
        assert len([effect for effect in done if isinstance(effect, e.Print)]) == 1


def test_a_failed_document_is_told_and_the_next_one_goes_on(fit: Machine, two: Session) -> None:
    failed = e.DocumentEnded(
        p.Ended("KK", p.EndState.NOT_PRINTED, p.NoticeKind.NOT_GENUINE),
        Notice(p.NoticeKind.NOT_GENUINE, (p.Action.CONTINUE, p.Action.HELP)),
    )
    visit, _ = walk(fit, p.Choose(("a", "b")), p.Confirm(), failed, start=logged_in(fit, two))
    assert visit.page is Page.NOTICE

    visit, more = walk(fit, p.Act(p.Action.CONTINUE), start=visit)
    assert visit.page is Page.PRINTING
    assert isinstance(more[0], e.Print)
    assert more[0].permit.permit_id == "b"


def test_asking_to_finish_while_printing_begins_no_further_document(fit: Machine, two: Session) -> None:
    visit, done = walk(
        fit,
        p.Choose(("a", "b")),
        p.Confirm(),
        p.Finish(),
        e.DocumentEnded(p.Ended("KK", p.EndState.TAKEN)),
        start=logged_in(fit, two),
    )

    assert visit.page is Page.THANKS
    assert len([effect for effect in done if isinstance(effect, e.Print)]) == 1


def test_nothing_printed_means_no_receipt(fit: Machine, two: Session) -> None:
    failed = e.DocumentEnded(
        p.Ended("KK", p.EndState.NOT_PRINTED), Notice(p.NoticeKind.DINAS_AWAY, (p.Action.CONTINUE,))
    )
    visit, done = walk(fit, p.Choose(("a",)), p.Confirm(), failed, p.Act(p.Action.CONTINUE), start=logged_in(fit, two))

    assert visit.receipt is p.ReceiptState.NONE
    assert not any(isinstance(effect, e.PrintReceipt) for effect in done)


def test_leaving_a_notice_after_something_came_out_still_gives_the_receipt(fit: Machine, two: Session) -> None:
    in_doubt = e.DocumentEnded(
        p.Ended("KK", p.EndState.IN_DOUBT, p.NoticeKind.IN_DOUBT), Notice(p.NoticeKind.IN_DOUBT, (p.Action.HELP,))
    )
    visit, done = walk(fit, p.Choose(("a",)), p.Confirm(), in_doubt, e.TimedOut(), start=logged_in(fit, two))

    assert visit.page is Page.THANKS
    assert any(isinstance(effect, e.PrintReceipt) for effect in done)


def test_a_button_that_the_notice_does_not_offer_does_nothing(fit: Machine) -> None:
    locked = e.Refused(Notice(p.NoticeKind.LOCKED, (p.Action.FINISH,), seconds=60))
    visit, _ = walk(fit, p.Begin(p.Way.NIK), p.EnterNik(NIK), p.EnterPin("123456"), locked)

    assert walk(fit, p.Act(p.Action.RETRY), start=visit)[0] == visit


def test_help_comes_back_to_where_it_was_asked(fit: Machine, two: Session) -> None:
    visit = logged_in(fit, two)

    assert walk(fit, p.AskHelp(), p.Back(), start=visit)[0].page is Page.DOCUMENTS


def test_help_while_printing_goes_back_by_itself_when_the_document_is_out(fit: Machine, two: Session) -> None:
    paper = e.HandedOut(Presented(p.Part.PAPER_TRAY, 90, 90, sensed=False))
    visit, _ = walk(fit, p.Choose(("a",)), p.Confirm(), p.AskHelp(), start=logged_in(fit, two))
    visit, _ = walk(fit, e.Progressed(Progress(p.Step.PRINT, 0.7, 10)), start=visit)
    assert (visit.page, visit.progress.done) == (Page.HELP, 0.7)

    visit, _ = walk(fit, paper, start=visit)
    assert visit.page is Page.TAKE


def test_help_while_a_document_waits_keeps_the_countdown_and_ends_with_it(fit: Machine, two: Session) -> None:
    first, later = (e.HandedOut(Presented(p.Part.CARD_SLOT, left, 45, sensed=True)) for left in (45, 30))
    visit, _ = walk(fit, p.Choose(("b",)), p.Confirm(), first, p.AskHelp(), later, start=logged_in(fit, two))
    assert visit.page is Page.HELP
    assert walk(fit, p.Back(), start=visit)[0].presented == later.presented
    assert walk(fit, e.TimedOut(), start=visit)[0].page is Page.TAKE
    assert walk(fit, p.Finish(), start=visit)[0].leaving

    ended = e.DocumentEnded(p.Ended("KTP-EL", p.EndState.TAKEN))
    assert walk(fit, ended, start=visit)[0].page is Page.THANKS


def test_leaving_while_paper_waits_counts_as_having_taken_it(fit: Machine, two: Session) -> None:
    for sensed, effects in ((False, [e.SaysTaken()]), (True, [])):
        out = e.HandedOut(Presented(p.Part.PAPER_TRAY, 90, 90, sensed=sensed))
        visit, _ = walk(fit, p.Choose(("a",)), p.Confirm(), out, start=logged_in(fit, two))
        assert walk(fit, p.Finish(), start=visit)[1] == effects


def test_a_printed_document_is_not_sent_to_another_machine(
    fit: Machine, make_permit: Callable[..., Permit], make_session: MakeSession
) -> None:
    elsewhere = Delivery(other_kiosks=(OtherKiosk("Kantor Kecamatan Jenu", ready=True),))
    for state, told in ((PermitState.PRINTED, None), (PermitState.READY, None)):
        permit = msgspec.structs.replace(make_permit("a", state=state), delivery=elsewhere)
        view = view_of(logged_in(fit, make_session(permit)), fit)
        assert isinstance(view, p.DocumentsView)
        assert view.documents[0].other_kiosk is told


def test_a_scanned_handle_leads_to_the_pin_and_a_foreign_code_says_so(fit: Machine) -> None:
    assert walk(fit, e.Scanned("abc"))[0].page is Page.PIN

    visit, _ = walk(fit, p.Begin(p.Way.QR), e.Scanned(None, p.ScanFault.FOREIGN))
    assert (visit.page, visit.scan_fault) == (Page.SCAN, p.ScanFault.FOREIGN)


def test_a_scan_during_a_visit_changes_nothing(fit: Machine, two: Session) -> None:
    visit = logged_in(fit, two)

    assert walk(fit, e.Scanned("abc"), start=visit) == (visit, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dinas": False}, p.OutReason.DINAS_AWAY),
        ({"out": p.OutReason.DISABLED}, p.OutReason.DISABLED),
        ({"media": ()}, p.OutReason.NO_PRINTER),
        ({"powered": False, "media": ()}, p.OutReason.POWER),
        ({"powered": False, "out": p.OutReason.FAULT}, p.OutReason.FAULT),
    ],
)
def test_an_unfit_machine_says_so_and_lets_nobody_in(
    fit: Machine, change: dict[str, object], reason: p.OutReason
) -> None:
    unfit = Machine(**{**vars(fit), **change})  # type: ignore[arg-type]  # fields by name
    view = view_of(NOBODY, unfit)

    assert isinstance(view, p.OutOfServiceView)
    assert view.reason is reason
    assert walk(unfit, p.Begin(p.Way.NIK), e.Scanned("abc"))[0] == NOBODY


def test_a_card_whose_chip_nobody_can_read_is_closed_before_it_is_chosen_and_other_cards_are_not(
    fit: Machine, make_permit: Callable[..., Permit], make_session: Callable[..., Session]
) -> None:
    blind = replace(fit, with_chip=frozenset({"ktp-el"}), chips=False)
    cards = make_session(make_permit("1", "ktp-el", "card"), make_permit("2", "kia", "card"))
    view = view_of(logged_in(blind, cards), blind)

    assert isinstance(view, p.DocumentsView)
    assert [(d.state, d.trouble) for d in view.documents] == [
        (p.DocumentState.TROUBLE, p.Trouble.CHIP),
        (p.DocumentState.READY, None),
    ]
