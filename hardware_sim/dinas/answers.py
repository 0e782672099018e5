"""What goes out: JSON and problems, a permit as the contract has it, and parts of a bundle."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from hardware_sim.dinas.issuing import mask
from hardware_sim.dinas.model import Kiosk, Login, Permit
from hardware_sim.dinas.problems import MEDIA_TYPE, ProblemError, ProblemKind
from hardware_sim.dinas.regions import kecamatan

PRIVATE = {"Cache-Control": "no-store"}
COURIER_WEEKDAY = 3  # Thursday
OFFICE = "Disdukcapil Kabupaten Tuban"
NEEDS = {"card": "KTP-el lama, atau surat kehilangan dari kepolisian", "a4": "KTP-el pemohon"}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(text, status, PRIVATE | (headers or {}), "application/json")


def problem_response(
    problem: ProblemError, status: int | None = None, headers: dict[str, str] | None = None
) -> Response:
    """``status``, where HTTP itself has a better one for problems/invalid: 404, 405, 416."""
    body = problem.body()
    body["status"] = status or body["status"]
    return Response(
        json.dumps(body).encode(), body["status"], PRIVATE | problem.headers() | (headers or {}), MEDIA_TYPE
    )


def utc(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def session_view(session: Session, login: Login, token: str, kiosk_id: str, today: date) -> dict[str, Any]:
    """Session of the contract."""
    return {
        "session_token": token,
        "expires_at": utc(login.expires_at),
        "applicant": {"name": mask(login.applicant.name)},
        "permits": [permit_view(session, permit, kiosk_id, today) for permit in login.applicant.permits],
    }


def permit_view(session: Session, permit: Permit, kiosk_id: str, today: date) -> dict[str, Any]:
    """Permit of the contract."""
    view: dict[str, Any] = {
        "permit_id": permit.permit_id,
        "document": permit.document,
        "medium": permit.medium,
        "title": permit.title,
        "holder": permit.holder,
        "state": permit.state.value,
        "expires_at": utc(permit.expires_at),
        "bundle": {"size": permit.bundle_size, "sha256": permit.bundle_sha256},
        "delivery": {
            "courier": {
                "to": f"Kantor Kecamatan {kecamatan(permit.applicant.wilayah)}",
                "next_run": next_courier(today).isoformat(),
            },
            "office": {"at": OFFICE, "needs": NEEDS[permit.medium]},
            "other_kiosks": [
                {"name": kiosk.name, "address": kiosk.address, "ready": kiosk.ready}
                for kiosk in session.scalars(select(Kiosk).where(Kiosk.kiosk_id != kiosk_id, Kiosk.enabled))
                if permit.document in kiosk.documents
            ],
        },
    }
    if permit.pages is not None:
        view["pages"] = permit.pages
    if permit.priority is not None:
        view["priority"] = permit.priority
    return view


def next_courier(today: date) -> date:
    """The weekly courier to the kecamatan leaves on Thursdays; what is asked for today goes another day."""
    return today + timedelta(days=(COURIER_WEEKDAY - today.weekday() - 1) % 7 + 1)


def bundle_response(jwe: bytes, etag: str, wanted: str | None, if_range: str | None) -> Response:
    """The bundle, or the one part of it that Range asks for (RFC 9110 section 14)."""
    headers = {"Accept-Ranges": "bytes", "ETag": etag}
    match = _RANGE.fullmatch(wanted.strip()) if wanted else None
    # Several ranges, other units, and a part of something that has changed since: the whole, as the RFC allows.
    if match is None or match.groups() == ("", "") or (if_range is not None and if_range != etag):
        return Response(jwe, 200, headers, "application/jose")
    size = len(jwe)
    if match[1]:
        first, last = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
        if match[2] and int(match[2]) < int(match[1]):
            return Response(jwe, 200, headers, "application/jose")
    else:
        first, last = max(0, size - int(match[2])), size - 1
    if first >= size or first > last:
        problem = ProblemError(ProblemKind.INVALID, "there is no such part")
        return problem_response(problem, 416, {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(jwe[first : last + 1], 206, headers, "application/jose")
