"""The View of a visit: same visit, same machine, same View."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import protocol as p
from kiosk.session.documents import document
from kiosk.session.machine import Machine
from kiosk.session.visit import Page, Visit


def view_of(visit: Visit, machine: Machine) -> p.View:
    """What is to be seen now. While nobody is here, an unfit machine says so."""
    if visit.page is Page.HOME and (reason := machine.out_of_service):
        return p.OutOfServiceView(reason=reason, media=machine.media, help=machine.help, staff=machine.staff)
    return _VIEWS[visit.page](visit, machine)


def _home(visit: Visit, machine: Machine) -> p.View:
    return p.HomeView(media=machine.media, ways=machine.ways, staff=machine.staff)


def _how_to(visit: Visit, machine: Machine) -> p.View:
    return p.HowToView()


def _help(visit: Visit, machine: Machine) -> p.View:
    return p.HelpView(where=machine.help)


def _scan(visit: Visit, machine: Machine) -> p.View:
    return p.ScanView(fault=visit.scan_fault)


def _nik(visit: Visit, machine: Machine) -> p.View:
    return p.NikView(fault=visit.nik_fault)


def _pin(visit: Visit, machine: Machine) -> p.View:
    return p.PinView(
        way=visit.way,
        nik_tail=visit.nik[-4:] if visit.nik else None,
        checking=visit.page is Page.CHECKING,
        wrong=visit.wrong_pin,
        attempts_left=visit.attempts_left,
    )


def _documents(visit: Visit, machine: Machine) -> p.View:
    return p.DocumentsView(
        applicant=visit.session.applicant.name if visit.session else "",
        documents=tuple(document(q, machine, visit.before.get(q.permit_id)) for q in visit.permits),
    )


def _confirm(visit: Visit, machine: Machine) -> p.View:
    chosen = tuple(document(q, machine) for i in visit.chosen if (q := visit.permit(i)))
    return p.ConfirmView(documents=chosen, seconds=sum(d.seconds for d in chosen))


def _printing(visit: Visit, machine: Machine) -> p.View:
    permit = visit.current
    assert permit is not None, "a page of printing without a permit"  # noqa: S101  # the table leads here with one only
    return p.PrintingView(
        document=document(permit, machine),
        index=visit.total - len(visit.chosen) + 1,
        total=visit.total,
        steps=visit.progress.steps or (p.Step.CLAIM,),
        current=visit.progress.step,
        seconds_left=visit.progress.seconds_left,
        progress=visit.progress.done,
        trouble=visit.progress.trouble,
    )


def _take(visit: Visit, machine: Machine) -> p.View:
    permit, presented = visit.current, visit.presented
    assert permit is not None, "a page of taking without a permit"  # noqa: S101  # as above
    assert presented is not None, "a page of taking with nothing presented"  # noqa: S101  # as above
    following = visit.permit(visit.chosen[1]) if len(visit.chosen) > 1 and not visit.leaving else None
    return p.TakeView(
        document=document(permit, machine),
        part=presented.part,
        seconds_left=presented.seconds_left,
        seconds_total=presented.seconds_total,
        sensed=presented.sensed,
        next_title=following.title if following else None,
    )


def _notice(visit: Visit, machine: Machine) -> p.View:
    notice = visit.notice
    assert notice is not None, "a page of a notice without one"  # noqa: S101  # as above
    return p.NoticeView(notice.kind, notice.actions, notice.title, notice.seconds, notice.trouble, notice.medium)


def _thanks(visit: Visit, machine: Machine) -> p.View:
    return p.ThanksView(ended=visit.ended, receipt=visit.receipt)


_VIEWS: dict[Page, Callable[[Visit, Machine], p.View]] = {
    Page.HOME: _home,
    Page.HOW_TO: _how_to,
    Page.HELP: _help,
    Page.SCAN: _scan,
    Page.NIK: _nik,
    Page.PIN: _pin,
    Page.CHECKING: _pin,
    Page.DOCUMENTS: _documents,
    Page.CONFIRM: _confirm,
    Page.PRINTING: _printing,
    Page.TAKE: _take,
    Page.NOTICE: _notice,
    Page.THANKS: _thanks,
}
