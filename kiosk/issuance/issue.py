"""One attempt from permit to paper. `issue` reads like the phases: each row is durable before the act that it names.

However it ends, the ledger has a phase with a reason, the Dinas' outcome waits in the outbox, and nothing is left in
the queue. Only a cancelled attempt (shutdown) is left as it is: the next start reconciles it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback

from drivers.device import WORKING_STATES
from drivers.errors import DeviceError
from drivers.printer import CardPosition, CardPrinter, Counters, JobEnd, JobReport, Json, SpoolJob
from kiosk.dinas.contract import Claim, DinasAwayError, DinasError, Permit
from kiosk.dinas.vault import DamagedBundleError
from kiosk.documents.prepared import DocumentError, Prepared
from kiosk.issuance import card_path, chip, deadlines
from kiosk.issuance.evidence import last_look, last_reading
from kiosk.issuance.hand_out import hand_out
from kiosk.issuance.ports import Means, Watcher
from kiosk.issuance.refusals import refused
from kiosk.issuance.run import ISSUANCE, Issued, Run, Stop
from kiosk.issuance.verdict import NOT_CONFIRMED, Path, Seen, judge
from kiosk.ledger.attempts import Facts
from kiosk.ledger.errors import DeviceHeldError, LedgerError, PermitHeldError
from kiosk.ledger.events import APPLICANT, CardKeptBack, PaperLeft, PrintRefused, code
from kiosk.ledger.phases import Phase
from kiosk.protocol import EndState, NoticeKind, Step, Trouble
from kiosk.troubles import trouble_of

log = logging.getLogger(__name__)

_BEFORE_SPOOLER = frozenset({Phase.RESERVED, Phase.CLAIMED, Phase.OPENED})


async def issue(permit: Permit, token: str, means: Means, watcher: Watcher) -> Issued:
    """Print one permit once, and hand the document out. Raises LedgerError only: then the kiosk must not go on."""
    run = await _reserve(permit, token, means, watcher)
    if isinstance(run, Issued):
        return run
    try:
        claim = await _claim(run)
        prepared = await _open(run, claim)
        job, before = await _submit(run, prepared)
        proof = await _print(run, job, before, prepared)
        proof |= await _complete_chip(run, claim, prepared, proof)
        await hand_out(run, proof)
        return run.issued()
    except Stop as stop:
        return await _end(run, stop)
    except LedgerError:
        await _abandon(run)
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the attempt must have an end that is true
        return await _end(run, _surprised(run, error))


async def _reserve(permit: Permit, token: str, means: Means, watcher: Watcher) -> Run | Issued:
    """The machine can print now, and no other attempt stands in the way: the attempt has its id."""
    if trouble := await _unfit(means) or _reserved(permit, means):
        return await _refuse(permit, means, NoticeKind.PRINTER_TROUBLE, trouble)
    try:
        attempt = await means.ledger.reserve(
            permit_id=permit.permit_id,
            document=permit.document,
            medium=permit.medium,
            device=means.printer.name,
            actor=APPLICANT,
        )
    except PermitHeldError as error:
        notice = {Phase.TAKEN: NoticeKind.PERMIT_SPENT, Phase.UNKNOWN: NoticeKind.IN_DOUBT}
        return await _refuse(permit, means, notice.get(Phase(error.phase), NoticeKind.PERMIT_BUSY), None)
    except DeviceHeldError:
        return await _refuse(permit, means, NoticeKind.PRINTER_TROUBLE, Trouble.IN_DOUBT)
    return Run(attempt, permit, token, means, watcher)


async def _unfit(means: Means) -> Trouble | None:
    """Why the machine takes no document now. A card needs an empty path, so that nothing is mistaken for it."""
    try:
        async with asyncio.timeout(deadlines.ASK):
            status = await means.printer.refresh()
    except (DeviceError, TimeoutError):
        return Trouble.AWAY
    if means.cards is None or not status.ready:
        return trouble_of(status)
    match await card_path.position(means.cards):
        case CardPosition.NONE:
            return None
        case CardPosition.EXIT:
            return Trouble.CARD_IN_SLOT
        case CardPosition.UNKNOWN:
            return Trouble.AWAY
    return Trouble.MEDIA_JAM


def _reserved(permit: Permit, means: Means) -> Trouble | None:
    """The last blanks are for those who cannot wait. Looked at again for each document of a visit."""
    if means.cards is None or permit.cannot_wait or not means.ledger.blanks.stock.down_to(means.reserved):
        return None
    return Trouble.RESERVED


async def _refuse(permit: Permit, means: Means, notice: NoticeKind, trouble: Trouble | None) -> Issued:
    """No attempt was begun: nothing but a line in the audit log."""
    reason = code(trouble or notice)
    device = code(means.printer.name)
    await means.ledger.record(PrintRefused(actor=ISSUANCE, permit=permit.permit_id, device=device, reason=reason))
    state = EndState.IN_DOUBT if notice is NoticeKind.IN_DOUBT else EndState.NOT_PRINTED
    return Issued(state, notice, None, reason, trouble)


async def _claim(run: Run) -> Claim:
    run.show(Step.CLAIM)
    try:
        async with asyncio.timeout(deadlines.CLAIM):
            claim = await run.means.dinas.claim(run.permit.permit_id, run.attempt_id, run.token)
    except TimeoutError:
        raise refused(DinasAwayError("no answer to the claim")) from None
    except DinasError as error:
        raise refused(error) from error
    if (claim.attempt_id, claim.permit_id) != (run.attempt_id, run.permit.permit_id):
        raise Stop(Phase.FAILED, "claim-mismatch", NoticeKind.DAMAGED)
    await run.enter(Phase.CLAIMED, Facts(report_by=claim.report_by))
    return claim


async def _open(run: Run, claim: Claim) -> Prepared:
    run.show(Step.CHECK)
    permit, means = run.permit, run.means
    try:
        async with asyncio.timeout(deadlines.BUNDLE):
            jwe = await means.vault.bundle(permit)
        async with asyncio.timeout(deadlines.PREPARE):
            prepared = await means.preparer.prepare(permit.document, permit.permit_id, jwe, claim.content_key)
    except TimeoutError:
        raise Stop(Phase.FAILED, "check-too-long", NoticeKind.DAMAGED) from None
    except DinasError as error:
        raise refused(error) from error
    except DamagedBundleError as error:
        raise Stop(Phase.FAILED, "bundle-damaged", NoticeKind.DAMAGED) from error
    except DocumentError as error:
        raise Stop(Phase.FAILED, error.reason, error.kind) from error
    await _check_reader(run, needed=prepared.chip or claim.personalization)
    await run.enter(Phase.OPENED, Facts(sheets=prepared.sheets))
    return prepared


async def _check_reader(run: Run, *, needed: bool) -> None:
    """A chip that nobody can read is known before a blank is used."""
    if not needed:
        run.steps = tuple(step for step in run.steps if step is not Step.CHIP)
    elif run.means.reader is None:
        raise Stop(Phase.FAILED, "no-card-reader", NoticeKind.NOT_ALLOWED_HERE)
    elif run.means.reader.status.state not in WORKING_STATES:
        raise Stop(Phase.FAILED, "card-reader-away", NoticeKind.PRINTER_TROUBLE, trouble=Trouble.CHIP)
    elif await chip.station_closed(run.means.ledger, run.means.printer.name):
        raise Stop(Phase.FAILED, "no-chip-answers", NoticeKind.PRINTER_TROUBLE, trouble=Trouble.CHIP)


async def _submit(run: Run, prepared: Prepared) -> tuple[SpoolJob, Counters]:
    run.show(Step.PRINT)
    printer = run.means.printer
    try:
        async with asyncio.timeout(deadlines.SPOOLER):
            before = await printer.counters()
            run.job = job = await printer.create(run.attempt_id)
    except (DeviceError, TimeoutError) as error:
        # A job that was made all the same has no data; it is looked for and taken away, so that it never will.
        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(deadlines.ABANDON):
                await printer.find(run.attempt_id, Counters(None), prepared.sheets)
        raise Stop(Phase.FAILED, "spooler-away", NoticeKind.PRINTER_TROUBLE, trouble=Trouble.AWAY) from error
    await run.enter(Phase.SUBMITTED, Facts(job_id=job.job_id, job_uuid=job.job_uuid, before=before))
    return job, before


async def _print(run: Run, job: SpoolJob, before: Counters, prepared: Prepared) -> dict[str, Json]:
    """The proof of the device that everything was printed. Raises Stop with what the evidence says otherwise."""
    printer = run.means.printer
    report: JobReport | None = None
    try:
        async with asyncio.timeout(deadlines.SEND):
            await printer.send(job, prepared.document)
    except (DeviceError, TimeoutError):
        report = await _find(run, before, prepared.sheets)
    else:
        await run.enter(Phase.PRINTING)
        report = await _follow(run, job, before, prepared.sheets)
    where = await card_path.look(run.means.cards)
    in_place = where is (Path.CARD if run.means.cards else Path.NONE)
    if report and report.end is JobEnd.PRINTED and in_place:
        run.job = None  # over: there is nothing left to take out of the queue
        if run.attempt.phase is Phase.SUBMITTED:  # the answer to our sending was lost, and the device has it all
            await run.enter(Phase.PRINTING)
        return {**report.evidence, "job_end": report.end, **await last_look(printer, run.means.cards)}
    raise await _misprinted(run, report, where)


async def _follow(run: Run, job: SpoolJob, before: Counters, sheets: int) -> JobReport | None:
    """The last report of the job; None if nobody can tell."""
    began = run.means.clock()
    report: JobReport | None = None
    try:
        async with asyncio.timeout(deadlines.PRINT):
            async for report in run.means.printer.follow(job, before, sheets):
                by_sheets = (report.sheets_out or 0) / max(1, sheets)
                by_time = (run.means.clock() - began) / run.means.times.document
                run.show(Step.PRINT, max(by_sheets, min(0.95, by_time)), trouble_of(report.status))
    except (DeviceError, TimeoutError):
        return await _find(run, before, sheets)
    return report


async def _find(run: Run, before: Counters, sheets: int) -> JobReport | None:
    try:
        async with asyncio.timeout(deadlines.FIND):
            return await run.means.printer.find(run.attempt_id, before, sheets)
    except (DeviceError, TimeoutError):
        return None


async def _misprinted(run: Run, report: JobReport | None, where: Path) -> Stop:
    """By the same table as at start."""
    binned = await card_path.binned(run.means.printer, run.attempt.before) if run.means.cards else None
    seen = Seen(report.end if report else None, where, binned, report.reason if report else "")
    verdict = judge(run.attempt.phase, seen)
    evidence: dict[str, Json] = {**(report.evidence if report else {}), **seen.record(), "verdict": verdict.because}
    trouble = trouble_of(report.status if report else run.means.printer.status) or Trouble.OTHER
    notice = NoticeKind.IN_DOUBT if verdict.phase is Phase.UNKNOWN else NoticeKind.PRINTER_TROUBLE
    return Stop(
        verdict.phase,
        verdict.reason,
        notice,
        trouble=trouble if notice is NoticeKind.PRINTER_TROUBLE else None,
        evidence=evidence,
    )


async def _complete_chip(run: Run, claim: Claim, prepared: Prepared, proof: dict[str, Json]) -> dict[str, Json]:
    """Write and read back the chip of the printed card, at its station, where nobody has access to it yet."""
    if run.means.reader is None or not (prepared.chip or claim.personalization):
        return {}
    run.show(Step.CHIP)
    try:
        return await chip.complete(
            run.means.reader,
            run.means.dinas,
            run.attempt_id,
            personalization=claim.personalization,
            photo=prepared.photo,
            progressed=lambda done: run.show(Step.CHIP, done),
        )
    except chip.ChipError as error:
        evidence: dict[str, Json] = {"chip_read": False, "chip_fault": error.reason}
        raise Stop(Phase.SPOILED, error.reason, error.notice, evidence={**proof, **evidence}) from error


def _surprised(run: Run, error: Exception) -> Stop:
    """An exception that nobody thought of. Its text may hold anything, so that only its kind and place are logged."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("attempt %s: %s while %s\n%s", run.attempt_id, type(error).__name__, run.attempt.phase, where)
    if run.attempt.phase in _BEFORE_SPOOLER:
        return Stop(Phase.FAILED, "internal", NoticeKind.PRINTER_TROUBLE, trouble=Trouble.OTHER)
    return Stop(Phase.UNKNOWN, "internal", NoticeKind.IN_DOUBT)


async def _end(run: Run, stop: Stop) -> Issued:
    """Empty the queue, write the end, and keep back a card that was spoiled (after its row)."""
    await _abandon(run)
    evidence = {**stop.evidence, **await _seen_at_the_end(run)}
    await run.enter(stop.phase, Facts(reason=stop.reason, evidence=evidence))
    if stop.reason == NOT_CONFIRMED:
        await run.means.ledger.record(
            PaperLeft(actor=ISSUANCE, attempt=run.attempt_id, device=code(run.means.printer.name))
        )
    if stop.phase is Phase.SPOILED and run.means.cards and await card_path.look(run.means.cards) is not Path.CLEAR:
        await _keep_back(run, run.means.cards)
    return run.issued(stop.notice, stop.trouble)


async def _seen_at_the_end(run: Run) -> dict[str, Json]:
    """What the machine shows, for the record; before the spooler was asked nothing of it can have changed."""
    if run.attempt.phase in _BEFORE_SPOOLER:
        return last_reading(run.means.printer)
    return await last_look(run.means.printer, run.means.cards)


async def _keep_back(run: Run, cards: CardPrinter) -> None:
    """Move a spoiled card to the bin, after its row; whether it is there is told in the audit log."""
    obstacle = await card_path.reject(cards)
    in_bin = await card_path.in_bin(cards, run.attempt.before, obstacle)
    await run.means.ledger.record(
        CardKeptBack(actor=ISSUANCE, attempt=run.attempt_id, device=code(cards.name), in_bin=in_bin, obstacle=obstacle)
    )


async def _abandon(run: Run) -> None:
    """Nothing of this attempt may come out later, for the next person to find."""
    if run.job is None:
        return
    try:
        async with asyncio.timeout(deadlines.ABANDON):
            await run.means.printer.abandon(run.job)
    except Exception as error:  # noqa: BLE001  # the end of the attempt must be written whatever the stack does
        log.error("attempt %s: its job could not be taken from the queue (%s)", run.attempt_id, type(error).__name__)
