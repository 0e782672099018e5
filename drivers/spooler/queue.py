"""One queue of cupsd, through libcups in a thread of its own.

The traps this module knows (each was met): a connection must be the default server of its thread, else createJob on a
driverless queue says that the queue does not exist; the default server is kept per thread; the default list of jobs
hides those that a crash left between the lists, so that jobs are looked for in *all* of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import cups

from drivers.errors import DeviceAwayError, DeviceRefusedError, PermanentDeviceError
from drivers.owner import OwnerThread
from drivers.printer import SpoolJob
from drivers.spooler import verdict

T = TypeVar("T")

ASK_S = 5.0
CREATE_S = 10.0  # libcups itself can hang ten seconds (OpenPrinting/cups issue 1128)
SEND_S = 30.0  # a document of some megabytes over a local socket, on a busy machine

IPP_NOT_FOUND = 0x0406
IPP_NOT_POSSIBLE = 0x0404
AWAY = frozenset({0x0500, 0x0502, 0x0503, 0x0505, 0x0507})  # internal error, unavailable, version, temporary, busy
QUEUE_STOPPED = 5  # printer-state
IN_USE = "The printer is in use."  # what CUPS' ipp backend says of server-error-busy (seen in 2.4.2)
FENCE = "adm-fence:"  # without the fence CUPS prints twice after a crash

JOB_ATTRIBUTES = [
    "job-id",
    "job-name",
    "job-uuid",
    "job-state",
    "job-state-reasons",
    "job-printer-uri",
    "job-printer-state-message",
]


@dataclass(frozen=True)
class QueueJob:
    """A job as cupsd tells of it."""

    job: SpoolJob
    state: int  # job-state, RFC 8011 5.3.7
    reasons: str
    in_use: bool = False  # the printer has just answered that it is busy; asked again every ten seconds

    @property
    def ended(self) -> bool:
        return self.state in verdict.ENDED


class SpoolQueue:
    """A queue. ``server`` is the path of cupsd's socket, or host:port; ``options`` go with each job."""

    def __init__(self, name: str, queue: str, server: str, options: Mapping[str, str]) -> None:
        self._name = name
        self._queue = queue
        self._server = server
        self._options = dict(options)
        self._thread = OwnerThread(f"{name}-cups")
        self._connection: Any = None  # cups.Connection, owned by the thread; None before the first call

    def start(self) -> None:
        self._thread.start()

    async def close(self) -> None:
        await self._thread.close()

    async def create(self, attempt_id: str) -> SpoolJob:
        """Make a job without data. Refuses an attempt that the queue knows already."""

        def create(connection: Any) -> SpoolJob:
            known = self._jobs_titled(connection, attempt_id)
            if known:
                raise DeviceRefusedError(
                    self._name, f"the queue knows this attempt already, as job {known[0].job.job_id}"
                )
            self._require_fence(connection)
            job_id = connection.createJob(self._queue, attempt_id, self._options)
            found = connection.getJobAttributes(job_id, requested_attributes=["job-uuid"])
            return SpoolJob(job_id, found["job-uuid"], attempt_id)

        return await self._call(create, within=CREATE_S)

    async def send(self, job: SpoolJob, document: bytes) -> None:
        """Give the job its data; from here on cupsd prints it."""

        def send(connection: Any) -> None:
            connection.startDocument(self._queue, job.job_id, job.attempt_id, "application/pdf", 1)
            connection.writeRequestData(document, len(document))
            connection.finishDocument(self._queue)

        await self._call(send, within=SEND_S)

    async def job(self, job_id: int) -> QueueJob | None:
        """The job as it stands; None when the queue does not know it."""

        def job(connection: Any) -> QueueJob | None:
            try:
                return _queue_job(connection.getJobAttributes(job_id, requested_attributes=JOB_ATTRIBUTES))
            except cups.IPPError as error:
                if error.args[0] == IPP_NOT_FOUND:
                    return None
                raise

        return await self._call(job, within=ASK_S)

    async def find(self, attempt_id: str) -> QueueJob | None:
        """The newest job of that title, among all that the queue remembers."""

        def find(connection: Any) -> QueueJob | None:
            found = self._jobs_titled(connection, attempt_id)
            return max(found, key=lambda job: job.job.job_id) if found else None

        return await self._call(find, within=ASK_S)

    async def stopped(self) -> bool:
        """Whether the queue is stopped: it takes jobs, and sends none."""

        def stopped(connection: Any) -> bool:
            found = connection.getPrinterAttributes(self._queue, requested_attributes=["printer-state"])
            return bool(found["printer-state"] == QUEUE_STOPPED)

        return await self._call(stopped, within=ASK_S)

    async def cancel(self, job_id: int) -> None:
        """Cancel a job; one that has ended already is left as it is."""

        def cancel(connection: Any) -> None:
            try:
                connection.cancelJob(job_id)
            except cups.IPPError as error:
                if error.args[0] not in (IPP_NOT_FOUND, IPP_NOT_POSSIBLE):
                    raise

        await self._call(cancel, within=ASK_S)

    async def empty(self) -> None:
        """Cancel every job of the queue that has not ended; their records stay, as evidence."""

        def empty(connection: Any) -> None:
            for job in self._jobs(connection):
                if not job.ended:
                    connection.cancelJob(job.job.job_id)

        await self._call(empty, within=ASK_S)

    async def open(self) -> None:
        """Open a stopped queue again. Refused while it holds jobs, since opening sends them."""

        def open_queue(connection: Any) -> None:
            waiting = [job.job.job_id for job in self._jobs(connection) if not job.ended]
            if waiting:
                raise DeviceRefusedError(
                    self._name, f"the queue still holds jobs {waiting}; opening it would send them"
                )
            connection.enablePrinter(self._queue)

        await self._call(open_queue, within=ASK_S)

    def _require_fence(self, connection: Any) -> None:
        found = connection.getPrinterAttributes(self._queue, requested_attributes=["device-uri"])
        if not str(found.get("device-uri", "")).startswith(FENCE):
            raise PermanentDeviceError(self._name, f"the device of queue {self._queue} must begin with {FENCE}")

    def _jobs(self, connection: Any) -> list[QueueJob]:
        jobs = connection.getJobs(which_jobs="all", my_jobs=False, requested_attributes=JOB_ATTRIBUTES)
        ending = f"/printers/{self._queue}"
        return [
            _queue_job({**job, "job-id": job_id})
            for job_id, job in jobs.items()
            if str(job.get("job-printer-uri", "")).endswith(ending)
        ]

    def _jobs_titled(self, connection: Any, attempt_id: str) -> list[QueueJob]:
        return [job for job in self._jobs(connection) if job.job.attempt_id == attempt_id]

    async def _call(self, call: Callable[[Any], T], *, within: float) -> T:
        return await self._thread.call(lambda: self._connected(call), within=within)

    def _connected(self, call: Callable[[Any], T]) -> T:
        """In the owner thread: do the call on the connection, and drop a connection that failed."""
        try:
            if self._connection is None:
                # Without an answer to a password, libcups would ask for it on the terminal and wait there.
                cups.setPasswordCB2(lambda *_: None)
                cups.setServer(self._server)
                self._connection = cups.Connection()
            return call(self._connection)
        except cups.IPPError as error:
            status, sentence = error.args[0], str(error.args[1] if len(error.args) > 1 else error)
            if status in AWAY or status >= 0x1000:  # libcups' own codes: no connection, encryption, authentication
                self._connection = None
                raise DeviceAwayError(self._name, f"cupsd: {sentence} ({status:#06x})") from error
            raise DeviceRefusedError(self._name, f"cupsd: {sentence} ({status:#06x})") from error
        except (cups.HTTPError, RuntimeError) as error:
            self._connection = None
            raise DeviceAwayError(self._name, f"cupsd does not answer ({error})") from error


def _queue_job(attributes: Mapping[str, Any]) -> QueueJob:
    reasons = attributes.get("job-state-reasons", "")
    return QueueJob(
        SpoolJob(int(attributes["job-id"]), str(attributes.get("job-uuid", "")), str(attributes.get("job-name", ""))),
        int(attributes["job-state"]),
        reasons if isinstance(reasons, str) else ",".join(reasons),
        attributes.get("job-printer-state-message") == IN_USE,
    )
