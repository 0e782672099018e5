"""The table of a visit: on which page, upon which event, what comes next.

An event that has no entry for the page does nothing: a second tap, a scan at the wrong moment, a late answer. Each
handler takes the visit, the event and the machine, and gives the visit after it and what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk import nik as nik_rules
from kiosk import protocol as p
from kiosk.session import events as e
from kiosk.session.documents import printable_now
from kiosk.session.machine import Machine
from kiosk.session.visit import AT_WORK, NOBODY, Notice, Page, Progress, Visit

Outcome = tuple[Visit, tuple[e.Effect, ...]]
Handler = Callable[[Visit, Any, Machine], Outcome]

PIN_LENGTH = 6


def advance(visit: Visit, event: e.Event, machine: Machine) -> Outcome:
    """The visit after the event, and the effects for the engine to carry out."""
    handler = TABLE.get((visit.page, type(event)))
    return handler(visit, event, machine) if handler else (visit, ())


# -- the way in -------------------------------------------------------------------------------------------------


def _begin(visit: Visit, event: p.Begin, machine: Machine) -> Outcome:
    if machine.out_of_service or event.way not in machine.ways:
        return visit, ()
    fresh = Visit(way=event.way)
    return fresh.to(Page.SCAN if event.way is p.Way.QR else Page.NIK), ()


def _scanned(visit: Visit, event: e.Scanned, machine: Machine) -> Outcome:
    if machine.out_of_service:
        return visit, ()
    if event.handle is None:
        return Visit(page=Page.SCAN, way=p.Way.QR, scan_fault=event.fault), ()
    return Visit(page=Page.PIN, way=p.Way.QR, handle=event.handle), ()


def _nik_entered(visit: Visit, event: p.EnterNik, machine: Machine) -> Outcome:
    fault = nik_rules.fault(event.nik)
    if fault:
        return replace(visit, nik_fault=fault), (e.NikRefused(fault),)
    return Visit(page=Page.PIN, way=p.Way.NIK, nik=event.nik), ()


def _pin_entered(visit: Visit, event: p.EnterPin, machine: Machine) -> Outcome:
    if len(event.pin) != PIN_LENGTH or not (event.pin.isascii() and event.pin.isdigit()):
        return visit, ()
    asking = visit.to(Page.CHECKING, wrong_pin=False, attempts_left=None)
    return asking, (e.LogIn(visit.nik, visit.handle, event.pin),)


def _logged_in(visit: Visit, event: e.LoggedIn, machine: Machine) -> Outcome:
    return Visit(page=Page.DOCUMENTS, way=visit.way, session=event.session, before=event.before), ()


def _wrong_pin(visit: Visit, event: e.WrongPin, machine: Machine) -> Outcome:
    return visit.to(Page.PIN, wrong_pin=True, attempts_left=event.attempts_left), ()


def _refused(visit: Visit, event: e.Refused, machine: Machine) -> Outcome:
    return visit.to(Page.NOTICE, notice=event.notice), ()


def _act(visit: Visit, event: p.Act, machine: Machine) -> Outcome:
    """A button of a notice, or "send the PIN again" on the PIN page."""
    if visit.page is Page.NOTICE and (visit.notice is None or event.action not in visit.notice.actions):
        return visit, ()
    match event.action:
        case p.Action.RESEND_PIN if visit.nik:
            return visit.to(Page.CHECKING), (e.ResendPin(visit.nik),)
        case p.Action.RETRY if visit.nik or visit.handle:
            return visit.to(Page.PIN, notice=None, wrong_pin=False), ()
        case p.Action.TYPE_NIK:
            return Visit(page=Page.NIK), ()
        case p.Action.CONTINUE:
            return _next_document(visit)
        case p.Action.HELP:
            return visit.to(Page.HELP, before_help=visit.page), ()
        case p.Action.FINISH:
            return _finish(visit, p.Finish(), machine)
    return visit, ()


# -- choosing ---------------------------------------------------------------------------------------------------


def _chosen(visit: Visit, event: p.Choose, machine: Machine) -> Outcome:
    asked = [q for i in dict.fromkeys(event.permit_ids) if (q := visit.permit(i))]
    ready = tuple(q.permit_id for q in asked if printable_now(q, machine, visit.before.get(q.permit_id)))
    if not ready:
        return visit, ()
    return visit.to(Page.CONFIRM, chosen=ready, total=len(ready)), ()


def _confirmed(visit: Visit, event: p.Confirm, machine: Machine) -> Outcome:
    return _print_first(visit)


def _print_first(visit: Visit) -> Outcome:
    permit, session = visit.current, visit.session
    if permit is None or session is None:
        return visit, ()
    return visit.to(Page.PRINTING, progress=Progress(), presented=None, notice=None), (
        e.Print(permit, session.session_token),
    )


# -- making -----------------------------------------------------------------------------------------------------


def _progressed(visit: Visit, event: e.Progressed, machine: Machine) -> Outcome:
    return replace(visit, progress=event.progress), ()


def _handed_out(visit: Visit, event: e.HandedOut, machine: Machine) -> Outcome:
    return visit.to(Page.TAKE, presented=event.presented), ()


def _says_taken(visit: Visit, event: p.Taken, machine: Machine) -> Outcome:
    if visit.presented is None or visit.presented.sensed:
        return visit, ()
    return visit, (e.SaysTaken(),)


def _leave_after_this(visit: Visit, event: p.Finish, machine: Machine) -> Outcome:
    """What is being made is finished; what comes after it is not begun.

    Who leaves while paper waits in the tray has it in hand: any deliberate tap is the person's word.
    """
    said = visit.presented is not None and not visit.presented.sensed
    return replace(visit, leaving=True), (e.SaysTaken(),) if said else ()


def _document_ended(visit: Visit, event: e.DocumentEnded, machine: Machine) -> Outcome:
    counted = replace(visit, ended=(*visit.ended, event.ended), presented=None)
    if event.notice is not None and event.notice.kind is p.NoticeKind.SESSION_EXPIRED:
        counted = replace(counted, leaving=True)  # the Dinas takes no further claim of this session
    if event.notice is not None:
        return counted.to(Page.NOTICE, notice=event.notice), ()
    return _next_document(counted)


def _next_document(visit: Visit) -> Outcome:
    rest = replace(visit, chosen=visit.chosen[1:], notice=None)
    if rest.chosen and not visit.leaving:
        return _print_first(rest)
    return _say_thanks(rest)


def _say_thanks(visit: Visit) -> Outcome:
    """The last page keeps no name: the session goes, what ended stays by title."""
    effects: list[e.Effect] = [e.LogOut(visit.session.session_token)] if visit.session else []
    receipt = p.ReceiptState.NONE
    if visit.anything_out:
        receipt = p.ReceiptState.PRINTING
        effects.append(e.PrintReceipt(visit.ended))
    return Visit(page=Page.THANKS, ended=visit.ended, receipt=receipt), tuple(effects)


def _receipt_ended(visit: Visit, event: e.ReceiptEnded, machine: Machine) -> Outcome:
    return replace(visit, receipt=event.state), ()


# -- leaving ----------------------------------------------------------------------------------------------------


def _finish(visit: Visit, event: object, machine: Machine) -> Outcome:
    """The person leaves, or has left: nothing of them stays. What already came out still gets its receipt."""
    if visit.ended:
        return _say_thanks(visit)
    return NOBODY, (e.LogOut(visit.session.session_token),) if visit.session else ()


def _home(visit: Visit, event: object, machine: Machine) -> Outcome:
    return NOBODY, ()


def _help(visit: Visit, event: p.AskHelp, machine: Machine) -> Outcome:
    return visit.to(Page.HELP, before_help=visit.page), ()


def _handed_out_behind_help(visit: Visit, event: e.HandedOut, machine: Machine) -> Outcome:
    """A document that has come out is more urgent than the way to the operator; a countdown that goes on is not."""
    if visit.before_help is Page.TAKE:
        return replace(visit, presented=event.presented), ()
    return _handed_out(visit, event, machine)


def _finish_from_help(visit: Visit, event: p.Finish, machine: Machine) -> Outcome:
    if visit.before_help in AT_WORK:
        return _leave_after_this(visit.to(visit.before_help), event, machine)
    return _finish(visit, event, machine)


def _timed_out_on_help(visit: Visit, event: e.TimedOut, machine: Machine) -> Outcome:
    return (visit.to(visit.before_help), ()) if visit.before_help in AT_WORK else _finish(visit, event, machine)


def _how_to(visit: Visit, event: p.AskHowTo, machine: Machine) -> Outcome:
    return visit.to(Page.HOW_TO), ()


def _back(page: Page) -> Handler:
    def go(visit: Visit, event: p.Back, machine: Machine) -> Outcome:
        return visit.to(page, nik_fault=None, scan_fault=None, wrong_pin=False), ()

    return go


def _back_from_help(visit: Visit, event: p.Back, machine: Machine) -> Outcome:
    return visit.to(visit.before_help), ()


def _back_from_pin(visit: Visit, event: p.Back, machine: Machine) -> Outcome:
    """The NIK is typed anew: a digit that was wrong is not kept on a screen in a public place."""
    return Visit(page=Page.SCAN if visit.way is p.Way.QR else Page.NIK, way=visit.way), ()


TABLE: dict[tuple[Page, type], Handler] = {
    (Page.HOME, p.Begin): _begin,
    (Page.HOME, e.Scanned): _scanned,
    (Page.HOME, p.AskHelp): _help,
    (Page.HOME, p.AskHowTo): _how_to,
    (Page.HOW_TO, p.Begin): _begin,
    (Page.HOW_TO, p.Back): _home,
    (Page.HOW_TO, p.Finish): _home,
    (Page.HOW_TO, p.AskHelp): _help,
    (Page.HOW_TO, e.Scanned): _scanned,
    (Page.HOW_TO, e.TimedOut): _home,
    (Page.HELP, p.Back): _back_from_help,
    (Page.HELP, p.Finish): _finish_from_help,
    (Page.HELP, e.TimedOut): _timed_out_on_help,
    (Page.HELP, e.Progressed): _progressed,
    (Page.HELP, e.HandedOut): _handed_out_behind_help,
    (Page.HELP, e.DocumentEnded): _document_ended,
    (Page.HELP, e.ReceiptEnded): _receipt_ended,
    (Page.SCAN, e.Scanned): _scanned,
    (Page.SCAN, p.Begin): _begin,
    (Page.SCAN, p.Back): _home,
    (Page.SCAN, p.Finish): _home,
    (Page.SCAN, p.AskHelp): _help,
    (Page.SCAN, e.TimedOut): _home,
    (Page.NIK, p.EnterNik): _nik_entered,
    (Page.NIK, e.Scanned): _scanned,
    (Page.NIK, p.Back): _home,
    (Page.NIK, p.Finish): _home,
    (Page.NIK, p.AskHelp): _help,
    (Page.NIK, e.TimedOut): _home,
    (Page.PIN, p.EnterPin): _pin_entered,
    (Page.PIN, p.Act): _act,
    (Page.PIN, p.Back): _back_from_pin,
    (Page.PIN, p.Finish): _home,
    (Page.PIN, p.AskHelp): _help,
    (Page.PIN, e.TimedOut): _home,
    (Page.CHECKING, e.LoggedIn): _logged_in,
    (Page.CHECKING, e.WrongPin): _wrong_pin,
    (Page.CHECKING, e.Refused): _refused,
    (Page.DOCUMENTS, p.Choose): _chosen,
    (Page.DOCUMENTS, p.Finish): _finish,
    (Page.DOCUMENTS, p.AskHelp): _help,
    (Page.DOCUMENTS, e.TimedOut): _finish,
    (Page.CONFIRM, p.Confirm): _confirmed,
    (Page.CONFIRM, p.Back): _back(Page.DOCUMENTS),
    (Page.CONFIRM, p.Finish): _finish,
    (Page.CONFIRM, p.AskHelp): _help,
    (Page.CONFIRM, e.TimedOut): _finish,
    (Page.PRINTING, e.Progressed): _progressed,
    (Page.PRINTING, e.HandedOut): _handed_out,
    (Page.PRINTING, e.DocumentEnded): _document_ended,
    (Page.PRINTING, p.Finish): _leave_after_this,
    (Page.PRINTING, p.AskHelp): _help,
    (Page.TAKE, e.HandedOut): _handed_out,
    (Page.TAKE, e.DocumentEnded): _document_ended,
    (Page.TAKE, p.Taken): _says_taken,
    (Page.TAKE, p.Finish): _leave_after_this,
    (Page.TAKE, p.AskHelp): _help,
    (Page.NOTICE, p.Act): _act,
    (Page.NOTICE, p.Finish): _finish,
    (Page.NOTICE, p.AskHelp): _help,
    (Page.NOTICE, e.TimedOut): _finish,
    (Page.THANKS, e.ReceiptEnded): _receipt_ended,
    (Page.THANKS, p.Finish): _home,
    (Page.THANKS, p.AskHelp): _help,
    (Page.THANKS, e.TimedOut): _home,
}

__all__ = ["PIN_LENGTH", "TABLE", "Notice", "Outcome", "advance"]
