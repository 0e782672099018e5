"""The IPP operations of a printer (RFC 8011 4): a request message in, a response message out."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from hardware_sim.printers import attributes, pictures
from hardware_sim.printers.attributes import FORMATS, MEDIA, OPERATIONS
from hardware_sim.printers.card_machine import CardMachine
from hardware_sim.printers.ipp import Group, Message, Tag, of
from hardware_sim.printers.machine import ENDED, Job, Machine

OK = 0x0000
BAD_REQUEST = 0x0400
NOT_POSSIBLE = 0x0404
NOT_FOUND = 0x0406
FORMAT_NOT_SUPPORTED = 0x040A
VALUES_NOT_SUPPORTED = 0x040B
CHARSET_NOT_SUPPORTED = 0x040D
COMPRESSION_NOT_SUPPORTED = 0x040F
COMPRESSION_ERROR = 0x0410
OPERATION_NOT_SUPPORTED = 0x0501
VERSION_NOT_SUPPORTED = 0x0503
NOT_ACCEPTING = 0x0506
BUSY = 0x0507

# RFC 8011 5.4.32: "deflate" is RFC 1951 without a header, "gzip" is RFC 1952; the values are zlib's window bits.
INFLATE = {"deflate": -zlib.MAX_WBITS, "gzip": zlib.MAX_WBITS + 16}
NAMES = {number: name for name, number in OPERATIONS.items()}
NEEDS_JOB = frozenset({"send-document", "cancel-job", "get-job-attributes", "close-job"})


class RefusedError(Exception):
    """The operation is answered with this status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Operations:
    """Answers requests for one machine."""

    def __init__(self, machine: Machine, uri: str) -> None:
        self._machine = machine
        self._uri = uri
        self._handlers: dict[str, Callable[[Message], Message]] = {
            "print-job": self._print_job,
            "validate-job": self._validate_job,
            "create-job": self._create_job,
            "send-document": self._send_document,
            "cancel-job": self._cancel_job,
            "get-job-attributes": self._get_job_attributes,
            "get-jobs": self._get_jobs,
            "get-printer-attributes": self._get_printer_attributes,
            "cancel-my-jobs": self._cancel_my_jobs,
            "close-job": self._close_job,
            "identify-printer": _answer,
            "move-card": self._move_card,
        }

    def answer(self, request: Message) -> Message:
        """The response; every refusal is a status, never an exception."""
        try:
            _check_request(request)
            return self._handlers.get(NAMES.get(request.code, ""), _no_such_operation)(request)
        except RefusedError as refusal:
            return _answer(request, status=refusal.status, sentence=str(refusal))

    def job_of(self, request: Message) -> Job | None:
        """The job that a request names; None when there is none."""
        operation = request.group(Tag.OPERATION)
        if "job-id" in operation:
            return self._machine.jobs.get(operation["job-id"].first)
        if "job-uri" in operation:
            number = str(operation["job-uri"].first).rpartition("/")[2]
            return self._machine.jobs.get(int(number)) if number.isdigit() else None
        return None

    def _job(self, request: Message) -> Job:
        job = self.job_of(request)
        if job is None:
            raise RefusedError(NOT_FOUND, "no such job")
        return job

    def _job_group(self, job: Job, request: Message | None = None) -> Group:
        group = attributes.job(self._machine, job, self._uri)
        names = request.group(Tag.OPERATION).get("requested-attributes") if request else None
        if request is None:
            return {name: group[name] for name in ("job-id", "job-uri", "job-state", "job-state-reasons", "job-uuid")}
        return attributes.requested(group, names)

    def _get_printer_attributes(self, request: Message) -> Message:
        group = attributes.description(self._machine, self._uri)
        names = request.group(Tag.OPERATION).get("requested-attributes")
        return _answer(request, (Tag.PRINTER, attributes.requested(group, names)))

    def _check_ticket(self, request: Message) -> None:
        if self._machine.busy:
            raise RefusedError(BUSY, "busy")
        if not self._machine.accepting:
            raise RefusedError(NOT_ACCEPTING, "not accepting jobs")
        kind = self._machine.config.kind
        self._check_compression(request)
        given = request.group(Tag.OPERATION).get("document-format")
        if given is not None and given.first not in (*FORMATS[kind], "application/octet-stream"):
            raise RefusedError(FORMAT_NOT_SUPPORTED, f"no {given.first}")
        media = request.group(Tag.JOB).get("media")
        if media is not None and media.first != MEDIA[kind].name:
            raise RefusedError(VALUES_NOT_SUPPORTED, f"no media {media.first}")

    def _check_compression(self, request: Message) -> None:
        compression = _compression(request)
        if compression != "none" and compression not in self._machine.config.compressions:
            raise RefusedError(COMPRESSION_NOT_SUPPORTED, f"no compression {compression}")

    def _validate_job(self, request: Message) -> Message:
        self._check_ticket(request)
        return _answer(request)

    def _new_job(self, request: Message) -> Job:
        self._check_ticket(request)
        operation, ticket = request.group(Tag.OPERATION), request.group(Tag.JOB)
        name = operation["job-name"].first if "job-name" in operation else "Untitled"
        user = operation["requesting-user-name"].first if "requesting-user-name" in operation else "anonymous"
        copies = ticket["copies"].first if "copies" in ticket else 1
        ranges = ticket["page-ranges"].values if "page-ranges" in ticket else ()
        return self._machine.create_job(str(name), str(user), int(copies), ranges)

    def _create_job(self, request: Message) -> Message:
        return _answer(request, (Tag.JOB, self._job_group(self._new_job(request))))

    def _print_job(self, request: Message) -> Message:
        job = self._new_job(request)
        self._take_document(job, request)
        return _answer(request, (Tag.JOB, self._job_group(job)))

    def _send_document(self, request: Message) -> Message:
        job = self._job(request)
        if "last-document" not in request.group(Tag.OPERATION):
            raise RefusedError(BAD_REQUEST, "last-document is missing")
        if job.complete or job.state in ENDED:
            raise RefusedError(NOT_POSSIBLE, "the job takes no more documents")
        self._check_compression(request)
        self._take_document(job, request)
        return _answer(request, (Tag.JOB, self._job_group(job)))

    def _take_document(self, job: Job, request: Message) -> None:
        try:
            document = _unpacked(request)
        except zlib.error as error:
            self._machine.cancel(job, aborted=True)
            raise RefusedError(COMPRESSION_ERROR, str(error)) from error
        kind = pictures.sniff(document)
        if kind not in FORMATS[self._machine.config.kind]:
            self._machine.cancel(job, aborted=True)
            raise RefusedError(FORMAT_NOT_SUPPORTED, "the document is of no format of this printer")
        self._machine.add_document(job, document, kind)

    def _cancel_job(self, request: Message) -> Message:
        if not self._machine.cancel(self._job(request)):
            raise RefusedError(NOT_POSSIBLE, "the job has ended")
        return _answer(request)

    def _cancel_my_jobs(self, request: Message) -> Message:
        for job in list(self._machine.jobs.values()):
            self._machine.cancel(job)
        return _answer(request)

    def _close_job(self, request: Message) -> Message:
        self._job(request)
        return _answer(request)

    def _get_job_attributes(self, request: Message) -> Message:
        return _answer(request, (Tag.JOB, self._job_group(self._job(request), request)))

    def _get_jobs(self, request: Message) -> Message:
        operation = request.group(Tag.OPERATION)
        which = operation["which-jobs"].first if "which-jobs" in operation else "not-completed"
        if which not in ("completed", "not-completed", "all"):
            raise RefusedError(VALUES_NOT_SUPPORTED, f"which-jobs {which}")
        with self._machine.changed:
            jobs = [
                j for j in self._machine.jobs.values() if which == "all" or (j.state in ENDED) == (which == "completed")
            ]
        if "my-jobs" in operation and operation["my-jobs"].first:
            user = operation["requesting-user-name"].first if "requesting-user-name" in operation else ""
            jobs = [j for j in jobs if j.user == user]
        if which == "completed":
            jobs.reverse()  # newest first, RFC 8011 4.2.6.2
        if "limit" in operation:
            jobs = jobs[: operation["limit"].first]
        if "requested-attributes" not in operation:
            return _answer(
                request,
                *(
                    (Tag.JOB, {k: v for k, v in self._job_group(job).items() if k in ("job-id", "job-uri")})
                    for job in jobs
                ),
            )
        return _answer(request, *((Tag.JOB, self._job_group(job, request)) for job in jobs))

    def _move_card(self, request: Message) -> Message:
        given = request.group(Tag.OPERATION).get("adm-card-destination")
        if not isinstance(self._machine, CardMachine) or given is None:
            raise RefusedError(BAD_REQUEST, "no card, or no destination")
        if not self._machine.move_card(str(given.first)):
            raise RefusedError(NOT_POSSIBLE, f"the card at {self._machine.memory.position} cannot go to {given.first}")
        return _answer(request)


def _compression(request: Message) -> str:
    given = request.group(Tag.OPERATION).get("compression")
    return str(given.first) if given is not None else "none"


def _unpacked(request: Message) -> bytes:
    compression = _compression(request)
    if compression == "none":
        return request.document
    return zlib.decompress(request.document, INFLATE[compression])


def _check_request(request: Message) -> None:
    """What RFC 8011 4.1 asks of each request, in its order."""
    if request.version[0] not in (1, 2):
        raise RefusedError(VERSION_NOT_SUPPORTED, "versions 1.x and 2.x")
    if request.request_id <= 0:
        raise RefusedError(BAD_REQUEST, "the request-id is not positive")
    if not request.groups or request.groups[0][0] != Tag.OPERATION:
        raise RefusedError(BAD_REQUEST, "the first group is not that of the operation")
    tags = [tag for tag, _ in request.groups]
    if len(set(tags)) != len(tags):
        raise RefusedError(BAD_REQUEST, "a group comes twice")
    operation = request.group(Tag.OPERATION)
    if list(operation)[:2] != ["attributes-charset", "attributes-natural-language"]:
        raise RefusedError(BAD_REQUEST, "charset and language do not come first")
    if str(operation["attributes-charset"].first).lower() not in ("utf-8", "us-ascii"):
        raise RefusedError(CHARSET_NOT_SUPPORTED, "utf-8 only")
    if "printer-uri" not in operation and "job-uri" not in operation:
        raise RefusedError(BAD_REQUEST, "printer-uri is missing")
    if NAMES.get(request.code) in NEEDS_JOB and "job-uri" not in operation and "job-id" not in operation:
        raise RefusedError(BAD_REQUEST, "job-id is missing")


def _no_such_operation(request: Message) -> Message:
    raise RefusedError(OPERATION_NOT_SUPPORTED, f"no operation {request.code:#06x}")


def _answer(request: Message, *groups: tuple[int, Group], status: int = OK, sentence: str = "") -> Message:
    operation: Group = {
        "attributes-charset": of(Tag.CHARSET, "utf-8"),
        "attributes-natural-language": of(Tag.LANGUAGE, "en"),
    }
    if sentence:
        operation["status-message"] = of(Tag.TEXT, sentence)
    version = request.version if request.version[0] in (1, 2) else (2, 0)
    return Message(status, request.request_id, [(Tag.OPERATION, operation), *groups], version)
