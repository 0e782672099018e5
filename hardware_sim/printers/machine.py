"""The machine of a printer: jobs, sheets, what can go wrong. Knows nothing of IPP messages.

One thread moves the sheets; everything else changes the machine under its lock and wakes that thread.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PIL import Image

from hardware_sim.faults.arming import Phase
from hardware_sim.printers import pictures
from hardware_sim.printers.config import LOW_BELOW, PrinterConfig
from hardware_sim.printers.store import Folder, Ledger

log = logging.getLogger(__name__)

PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 6, 7, 8, 9
ENDED = frozenset({CANCELED, ABORTED, COMPLETED})
JOBS_KEPT = 50
INCOMING_S = 5.0  # a document that stays away for this long after a cut: the job is aborted

# Conditions that a hand can set: the IPP reason, and whether the machine stops for it.
FAULTS: dict[str, tuple[str, bool]] = {
    "media_empty": ("media-empty-error", True),
    "media_low": ("media-low-warning", False),
    "media_jam": ("media-jam-error", True),
    "cover_open": ("cover-open-error", True),
    "toner_low": ("toner-low-warning", False),
    "toner_empty": ("toner-empty-error", True),
    "ribbon_low": ("marker-supply-low-warning", False),
    "ribbon_empty": ("marker-supply-empty-error", True),
    "film_low": ("adm-film-low-warning", False),  # IPP has no word for the film that goes over the picture
    "film_empty": ("adm-film-empty-error", True),
    "supply_fault": ("marker-supply-missing-error", True),
    "output_full": ("output-area-full-error", True),
    "reject_bin_full": ("adm-reject-bin-full-error", True),
    "cooling": ("adm-cooling-error", True),
    "head_temperature": ("adm-head-temperature-error", True),
    "cleaning_due": ("cleaner-life-almost-over-warning", False),
}


@dataclass
class Job:
    """A job of the printer. Times are seconds of its up-time."""

    job_id: int
    name: str
    user: str
    created: int
    document_format: str = ""
    state: int = PENDING
    reasons: str = "job-incoming"
    sheets: int = 0
    pages: int = 0
    copies: int = 1
    page_ranges: tuple[tuple[int, int], ...] = ()  # none: all pages
    document: bytes = field(default=b"", repr=False)
    complete: bool = False  # the whole document is here
    wanted: bool = True  # False once somebody cancelled it
    processing: int | None = None
    ended: int | None = None

    def wants_page(self, number: int) -> bool:
        return not self.page_ranges or any(first <= number <= last for first, last in self.page_ranges)

    def end(self, state: int, reasons: str, now: int) -> None:
        self.state, self.reasons, self.ended = state, reasons, now
        self.document = b""


class PowerLostError(Exception):
    """The machine was switched off in the middle of a motion."""


class Machine:
    """A printer of paper; CardMachine builds on it."""

    def __init__(self, config: PrinterConfig, folder: Folder, ledger: Ledger) -> None:
        self.config = config
        self.folder = folder
        self.ledger = ledger
        self.memory = folder.load(config.stock)
        self.page_s = config.page_s
        self.accepting = True
        self.busy = False
        self.faults: set[str] = set()
        self.jobs: dict[int, Job] = {}
        self.changed = threading.Condition(threading.RLock())
        self.reached: Callable[[Phase], None] = lambda _: None  # told where the work is, before the machine goes on
        self.power = True
        self._power_cycles = 0
        self._began = time.monotonic()
        self._last_look: tuple[int, list[str]] = (0, [])
        self._state_since = 1
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"machine-{config.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self.changed:
            self._closing.set()
            self.changed.notify_all()
        self._thread.join(2)

    def up_time(self) -> int:
        """Seconds since it was switched on, beginning with 1 (RFC 8011 5.4.29)."""
        return int(time.monotonic() - self._began) + 1

    # What the wire does

    def create_job(self, name: str, user: str, copies: int = 1, page_ranges: Sequence[tuple[int, int]] = ()) -> Job:
        with self.changed:
            job = Job(self.memory.next_job, name, user, self.up_time(), copies=copies, page_ranges=tuple(page_ranges))
            self.memory.next_job += 1
            self.folder.save(self.memory)
            self.jobs[job.job_id] = job
            for old in [j.job_id for j in self.jobs.values() if j.state in ENDED][:-JOBS_KEPT]:
                del self.jobs[old]
        self.reached(Phase.BEFORE)
        return job

    def add_document(self, job: Job, document: bytes, document_format: str) -> None:
        with self.changed:
            job.document, job.document_format = document, document_format
            job.complete, job.state, job.reasons = True, PENDING, "none"
            self.changed.notify_all()

    def document_cut_off(self, job: Job) -> None:
        """The connection broke in the middle of the document; a real printer gives the job up after a while."""

        def give_up() -> None:
            with self.changed:
                if not job.complete and job.state not in ENDED:
                    job.end(ABORTED, "aborted-by-system", self.up_time())

        timer = threading.Timer(INCOMING_S, give_up)
        timer.daemon = True
        timer.start()

    def cancel(self, job: Job, *, aborted: bool = False) -> bool:
        """Give a job up. A sheet in motion comes out first. False when it has ended already."""
        with self.changed:
            if job.state in ENDED:
                return False
            job.wanted = False
            if job.state != PROCESSING or not job.complete:
                state, reason = (ABORTED, "aborted-by-system") if aborted else (CANCELED, "job-canceled-by-user")
                job.end(state, reason, self.up_time())
            else:
                job.reasons = "processing-to-stop-point"
            self.changed.notify_all()
            return True

    def reasons(self) -> list[str]:
        """printer-state-reasons."""
        with self.changed:
            return sorted(FAULTS[fault][0] for fault in self.conditions()) or ["none"]

    def conditions(self) -> set[str]:
        """What is wrong now: set by a hand, or counted."""
        found = set(self.faults)
        if self.memory.stock <= 0:
            found.add("media_empty")
        elif self.memory.stock < LOW_BELOW[self.config.kind]:
            found.add("media_low")
        return found

    def blocked(self) -> bool:
        return any(FAULTS[fault][1] for fault in self.conditions())

    def state(self) -> int:
        """printer-state: 3 idle, 4 processing, 5 stopped."""
        with self.changed:
            if self.blocked():
                return 5
            return 4 if any(job.state == PROCESSING and job.complete for job in self.jobs.values()) else 3

    def state_since(self) -> int:
        """The up-time at which state or reasons were first seen as they are now."""
        with self.changed:
            look = (self.state(), self.reasons())
            if look != self._last_look:
                self._last_look, self._state_since = look, self.up_time()
            return self._state_since

    # What a hand does

    def condition(self, name: str, *, on: bool = True) -> None:
        """Set or clear a fault by its name."""
        if name not in FAULTS:
            raise ValueError(f"no condition {name!r}; there are {sorted(FAULTS)}")
        with self.changed:
            if on:
                self.faults.add(name)
            else:
                self.faults.discard(name)
            self.changed.notify_all()

    def refill(self, n: int) -> None:
        """Put n blanks or sheets in."""
        with self.changed:
            self.memory.stock += n
            self.faults.discard("media_empty")
            self.folder.save(self.memory)
            self.ledger.write("loaded", printer=self.config.name, count=n)
            self.changed.notify_all()

    def take_out(self, n: int) -> None:
        """Take n blanks or sheets out, unused: an operator does so, or a thief."""
        with self.changed:
            if not 0 < n <= self.memory.stock:
                raise ValueError(f"{n} cannot be taken out of {self.memory.stock}")
            self.memory.stock -= n
            self.folder.save(self.memory)
            self.ledger.write("removed", printer=self.config.name, count=n)
            self.changed.notify_all()

    def set_page_time(self, seconds: float) -> None:
        with self.changed:
            self.page_s = float(seconds)
            self.changed.notify_all()

    def power_off(self) -> None:
        """Everything in memory is gone; what lies in the path stays there."""
        with self.changed:
            self.power = False
            self._power_cycles += 1
            self.jobs.clear()
            self.changed.notify_all()

    def power_on(self) -> None:
        with self.changed:
            self.power = True
            self._began = time.monotonic()
            self._last_look = (0, [])
            self.changed.notify_all()

    # The motion

    def _run(self) -> None:
        while True:
            with self.changed:
                work = self._next_work()
                if self._closing.is_set():
                    return
                if work is None:
                    self.changed.wait(0.5)
                    continue
            try:
                work()
            except PowerLostError:
                if self._closing.is_set():
                    return
                self.ledger.write("power_lost", printer=self.config.name)

    def _next_work(self) -> Callable[[], None] | None:
        if not self.power:
            return None
        for job in self.jobs.values():
            if job.complete and job.state == PENDING and job.wanted:
                return lambda: self._print(job)
        return None

    def _print(self, job: Job) -> None:
        with self.changed:
            cycle = self._power_cycles
            job.state, job.reasons, job.processing = PROCESSING, "job-printing", self.up_time()
            document = job.document
        digest = hashlib.sha256(document).hexdigest()
        name = f"{self.config.name}-{job.job_id:04d}"
        suffix = pictures.SUFFIXES.get(pictures.sniff(document), "bin")
        (self.folder.path / "out" / f"{name}.{suffix}").write_bytes(document)
        self.ledger.write("job", printer=self.config.name, job=job.job_id, name=job.name, sha256=digest)
        try:
            job.pages = sum(job.wants_page(number + 1) for number in range(pictures.count(document)))
            for _ in range(job.copies):
                for number, picture in enumerate(pictures.pages(document, self.config.pdf_dpi), start=1):
                    if job.wants_page(number) and not self._sheet(job, cycle, picture, f"{name}-{number}.png", digest):
                        break
        except pictures.DocumentError as error:
            log.warning("%s: job %d: %s", self.config.name, job.job_id, error)
            self._end(job, ABORTED, "document-format-error", cycle)
            return
        self._before_the_job_ends()
        if job.state == PROCESSING:
            ending = (COMPLETED, "job-completed-successfully") if job.wanted else (CANCELED, "job-canceled-by-user")
            self._end(job, *ending, cycle)

    def _before_the_job_ends(self) -> None:
        self.reached(Phase.AFTER)

    def _end(self, job: Job, state: int, reasons: str, cycle: int) -> None:
        with self.changed:
            if cycle == self._power_cycles:
                job.end(state, reasons, self.up_time())

    def _sheet(self, job: Job, cycle: int, picture: Image.Image, file: str, digest: str) -> bool:
        """Move one sheet through; False when the job is not wanted any more."""
        picture.save(self.folder.path / "out" / file, compress_level=1)
        while True:
            if not self._wait_until_free(job, cycle):
                return False
            if self._feed_and_print(cycle) and self._gets_through_the_exit():
                break
        with self.changed:
            self._check_power(cycle)
            self.memory.printed += 1
            job.sheets += 1
            self._came_out()
            self.folder.save(self.memory)
            self.ledger.write(
                "sheet",
                printer=self.config.name,
                job=job.job_id,
                name=job.name,
                sheet=job.sheets,
                file=file,
                sha256=digest,
                serial=self.memory.serial,
            )
        return True

    def _gets_through_the_exit(self) -> bool:
        self.reached(Phase.EXIT)
        with self.changed:
            jammed = "media_jam" in self.faults
        if jammed:
            self.ledger.write("jam", printer=self.config.name)
        return not jammed

    def _came_out(self) -> None:
        """The sheet lies in the output tray."""
        self.memory.stock -= 1
        self.memory.output += 1

    def _wait_until_free(self, job: Job, cycle: int) -> bool:
        with self.changed:
            while self.blocked() or self._path_taken():
                self._check_power(cycle)
                if not job.wanted or self._closing.is_set():
                    return False
                self.changed.wait(0.5)
            self._check_power(cycle)
            return job.wanted

    def _path_taken(self) -> bool:
        return False

    def _feed_and_print(self, cycle: int) -> bool:
        """The time a sheet takes; False when it jammed on its way and is printed anew after the jam is cleared."""
        self.reached(Phase.PRINTING)
        with self.changed:
            end = time.monotonic() + self.page_s
            self._check_power(cycle)
            while (left := end - time.monotonic()) > 0:
                self.changed.wait(left)
                self._check_power(cycle)
                if "media_jam" in self.faults:
                    self.ledger.write("jam", printer=self.config.name)
                    return False
        return True

    def _check_power(self, cycle: int) -> None:
        if cycle != self._power_cycles or self._closing.is_set():
            raise PowerLostError
