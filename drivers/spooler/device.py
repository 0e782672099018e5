"""The printer itself, asked directly over IPP: state, reasons, counters, its own jobs, and where a card goes.

CUPS shows nothing of an idle printer, takes sheet counts from its filters and calls a job completed when it was handed
over; so what the machine does is asked of the machine. pyipp is the protocol; each question has its deadline.
"""

from __future__ import annotations

import asyncio
import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from pyipp import IPP
from pyipp.enums import IppOperation, IppTag
from pyipp.exceptions import IPPConnectionError, IPPError
from pyipp.parser import parse
from pyipp.tags import ATTRIBUTE_TAG_MAP

from drivers.errors import DeviceAwayError, DeviceRefusedError, DeviceTimeoutError
from drivers.spooler import readings
from drivers.spooler.frames import check_answer

ANSWER_S = 3.0  # a printer in the same cabinet answers in milliseconds; a hung one shows only here
HIGHEST_SUCCESS = 0x01FF  # status codes, RFC 8011 4.1.6.1 and appendix B
LATEST_JOBS = 20  # RFC 8011 4.2.6: completed jobs come newest first

# pyipp leaves out, without a word, each attribute whose syntax it does not know.
ATTRIBUTE_TAG_MAP.setdefault("limit", IppTag.INTEGER)  # RFC 8011 4.2.6.1
ATTRIBUTE_TAG_MAP.setdefault("adm-card-destination", IppTag.KEYWORD)


class VendorOperation(enum.IntEnum):
    """Operations of the card printer that IPP does not have (vendor range, RFC 8011 5.4.15)."""

    MOVE_CARD = 0x4001


class Destination(enum.StrEnum):
    """Where Move-Card sends the card in the path (adm-card-destination)."""

    EXIT = "exit"
    REJECT = "reject"


@dataclass(frozen=True)
class DeviceJob:
    """A job as the device itself tells of it; ``sheets`` is None where it does not count them."""

    job_id: int
    state: int  # job-state, RFC 8011 5.3.7
    reasons: str
    sheets: int | None


class IppDevice:
    """One printer at one address, used from the asyncio loop only."""

    def __init__(self, name: str, uri: str) -> None:
        self._name = name
        self._uri = uri
        self._session: aiohttp.ClientSession | None = None

    async def attributes(self, names: Iterable[str]) -> dict[str, Any]:
        """The named attributes of the printer, as far as it has them."""
        answer = await self._ask(IppOperation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": list(names)})
        return dict(next(iter(answer["printers"]), {}))

    async def job(self, job_name: str) -> DeviceJob | None:
        """The newest of the device's own jobs that has this name; None when it knows none."""
        for which in ("not-completed", "completed"):
            answer = await self._ask(
                IppOperation.GET_JOBS,
                {
                    "which-jobs": which,
                    "limit": LATEST_JOBS,
                    "requested-attributes": [
                        "job-id",
                        "job-name",
                        "job-state",
                        "job-state-reasons",
                        "job-impressions-completed",
                        "job-media-sheets-completed",
                    ],
                },
            )
            if named := jobs_named(self._name, answer, job_name):
                return max(named, key=lambda job: job.job_id)
        return None

    async def cancel(self, job_id: int) -> None:
        """Cancel one of the device's own jobs; a job that has ended already is left as it is."""
        try:
            await self._ask(IppOperation.CANCEL_JOB, {"job-id": job_id})
        except DeviceRefusedError:
            return

    async def move_card(self, destination: Destination) -> None:
        """Ask for a motion of the card, once."""
        await self._ask(VendorOperation.MOVE_CARD, {"adm-card-destination": destination.value})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, operation: IppOperation | VendorOperation, attributes: dict[str, Any]) -> dict[str, Any]:
        if self._session is None:
            # One connection for each question: a printer that was switched off and on leaves a dead connection behind,
            # and a question lost on it would look like a printer that does not answer.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        client = IPP(host=self._uri, session=self._session, request_timeout=math.ceil(ANSWER_S))
        try:
            async with asyncio.timeout(ANSWER_S):  # pyipp's own deadline ends with the headers
                # pyipp wants no more of an operation than its value.
                content = await client.raw(cast("IppOperation", operation), {"operation-attributes-tag": attributes})
        except TimeoutError:
            raise DeviceTimeoutError(self._name, f"no answer within {ANSWER_S:g} s") from None
        except IPPConnectionError as error:
            if isinstance(error.__cause__, TimeoutError):
                raise DeviceTimeoutError(self._name, f"no answer within {ANSWER_S:g} s") from error
            if isinstance(error.__cause__, aiohttp.ClientConnectorError):
                raise DeviceAwayError(self._name, f"does not take connections ({error.__cause__})") from error
            raise DeviceTimeoutError(self._name, f"the answer was lost ({error.__cause__})") from error
        except IPPError as error:
            raise DeviceRefusedError(self._name, _sentence(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise DeviceTimeoutError(self._name, f"the answer was lost ({error})") from error
        except UnicodeDecodeError as error:  # pyipp reads the body of an HTTP error as UTF-8
            raise DeviceRefusedError(self._name, "an HTTP error with a body that is no text") from error
        return self._understood(content)

    def _understood(self, content: bytes) -> dict[str, Any]:
        """The answer in these bytes. Raises DeviceRefusedError for any others, and for an answer that says no."""
        try:
            check_answer(content)
            answer = dict(parse(content))
        except Exception as error:  # pyipp's parser fails in any way
            raise DeviceRefusedError(self._name, f"an answer that is not understood ({error!r})") from error
        if not 0 <= answer["status-code"] <= HIGHEST_SUCCESS:
            raise DeviceRefusedError(self._name, f"says no ({answer['status-code']:#06x})")
        return answer


def _sentence(error: IPPError) -> str:
    details = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    status = details.get("status-code")
    return f"{error.args[0] if error.args else type(error).__name__} ({status})" if status else repr(error)


def jobs_named(device: str, answer: Mapping[str, Any], job_name: str) -> list[DeviceJob]:
    """The jobs of that name in an answer to Get-Jobs. Raises DeviceRefusedError when they have no number or state."""
    try:
        return [_device_job(job) for job in answer["jobs"] if job.get("job-name") == job_name]
    except (KeyError, TypeError, ValueError) as error:
        raise DeviceRefusedError(device, f"tells of a job in a way that is not understood ({error!r})") from error


def _device_job(attributes: dict[str, Any]) -> DeviceJob:
    sheets = [
        attributes[name]
        for name in ("job-media-sheets-completed", "job-impressions-completed")
        if isinstance(attributes.get(name), int)
    ]
    reasons = ",".join(str(reason) for reason in readings.listed(attributes.get("job-state-reasons")))
    return DeviceJob(int(attributes["job-id"]), int(attributes["job-state"]), reasons, sheets[0] if sheets else None)
