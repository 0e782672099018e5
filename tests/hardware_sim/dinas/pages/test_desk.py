"""What the desk does, asked over plain HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from sqlalchemy.orm import Session

from hardware_sim.dinas.model import Attempt, AuditEntry, OutcomeKind, Permit, PermitState
from hardware_sim.dinas.seed import HOME_KIOSK

SITI = "SITI ARUMSARI"
PAGES = [
    "/",
    "/meja",
    "/meja/izin",
    "/meja/periksa",
    "/meja/pesan",
    "/meja/catatan",
    "/telepon",
    "/telepon/6281200000001",
]


def get(dinas: Any, path: str) -> requests.Response:
    return requests.get(dinas.url + path, timeout=10)


def post(dinas: Any, path: str, **form: str) -> requests.Response:
    return requests.post(dinas.url + path, data=form, timeout=20)


def permit_after(dinas: Any, outcome: OutcomeKind | None, state: PermitState, blank: str | None = None) -> str:
    """A verified permit whose last attempt ended so."""
    permit_id: str = dinas.office.verify(dinas.application_of(SITI, "ktp-el"), "petugas").permit_id
    with Session(dinas.engine) as session, session.begin():
        permit = session.get(Permit, permit_id)
        assert permit is not None
        permit.state = state
        session.add(
            Attempt(
                attempt_id=str(uuid.uuid4()),
                permit_id=permit_id,
                kiosk_id=HOME_KIOSK,
                medium="card",
                claimed_at=permit.made_at,
                outcome=outcome,
                reason="jam",
                blank=blank,
            )
        )
    return permit_id


def state_of(dinas: Any, permit_id: str) -> PermitState:
    return next(p.state for p in dinas.office.permits() if p.permit_id == permit_id)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_by_itself(untouched: Any, path: str) -> None:
    answer = get(untouched, path)

    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="id">' in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text


def test_every_application_has_a_page_with_what_will_be_printed(untouched: Any) -> None:
    for application in untouched.office.applications():
        path = f"/meja/permohonan/{application.application_id}"
        answer = get(untouched, path)

        assert answer.status_code == 200
        assert application.holder in answer.text
        sheet, face = get(untouched, f"{path}/lembar.png"), get(untouched, f"{path}/foto.jpg")
        assert (sheet.status_code == 200) is (application.medium == "a4")
        assert (face.status_code == 200) is bool(application.content.get("photo"))


@pytest.mark.parametrize(
    "path",
    ["/meja/permohonan/x", "/meja/permohonan/x/lembar.png", "/telepon/6281", "/statis/app.py", "/huruf/OFL.txt",
     "/telepon/gambar/1.png", "/statis/..%2Fdesk.py"],
)  # fmt: skip
def test_what_there_is_not_is_not_found(untouched: Any, path: str) -> None:
    assert get(untouched, path).status_code == 404


def test_an_application_is_approved_once(dinas: Any) -> None:
    path = f"/meja/permohonan/{dinas.application_of(SITI, 'kk')}/setujui"
    assert post(dinas, path).status_code == 200

    again = post(dinas, path)

    assert again.status_code == 409
    assert "sudah diputuskan" in again.text
    assert len(dinas.office.permits()) == 1


def test_a_pin_that_is_still_good_is_kept_and_the_desk_says_so(dinas: Any) -> None:
    post(dinas, f"/meja/permohonan/{dinas.application_of(SITI, 'kk')}/setujui")

    answer = post(dinas, f"/meja/permohonan/{dinas.application_of(SITI, 'ktp-el')}/setujui")

    assert "Tidak ada PIN baru yang dikirim" in answer.text
    assert len(dinas.graph.phones.arrived("6281200000001")) == 2


def test_an_application_is_refused_with_a_reason_that_is_shown_as_text(dinas: Any) -> None:
    path = f"/meja/permohonan/{dinas.application_of(SITI, 'kk')}"

    answer = post(dinas, f"{path}/tolak", reason="Foto <b>buram</b>")

    assert "Ditolak" in answer.text
    assert "Foto &lt;b&gt;buram&lt;/b&gt;" in answer.text
    assert post(dinas, f"{path}/tolak", reason="").status_code == 422


def test_a_spoiled_blank_is_accounted_for(dinas: Any) -> None:
    permit_id = permit_after(dinas, OutcomeKind.SPOILED, PermitState.SUSPECT, "BLK-000417")
    assert "BLK-000417" in get(dinas, "/meja/periksa").text

    answer = post(dinas, f"/meja/izin/{permit_id}/pertanggungjawabkan")

    assert "BLK-000417" not in answer.text
    assert state_of(dinas, permit_id) is PermitState.READY
    assert "Mempertanggungjawabkan blanko" in get(dinas, "/meja/catatan").text
    assert post(dinas, f"/meja/izin/{permit_id}/pertanggungjawabkan").status_code == 409


@pytest.mark.parametrize(("verdict", "end"), [("printed", PermitState.PRINTED), ("not_printed", PermitState.READY)])
def test_an_unclear_print_is_settled(dinas: Any, verdict: str, end: PermitState) -> None:
    permit_id = permit_after(dinas, OutcomeKind.UNKNOWN, PermitState.SUSPECT)
    assert "Sudah keluar dari mesin" in get(dinas, "/meja/periksa").text

    answer = post(dinas, f"/meja/izin/{permit_id}/putuskan", verdict=verdict)

    assert "Sudah keluar dari mesin" not in answer.text
    assert state_of(dinas, permit_id) is end


def test_a_verdict_that_there_is_not_changes_nothing(dinas: Any) -> None:
    permit_id = permit_after(dinas, OutcomeKind.UNKNOWN, PermitState.SUSPECT)

    assert post(dinas, f"/meja/izin/{permit_id}/putuskan", verdict="maybe").status_code == 422
    assert post(dinas, f"/meja/izin/{permit_id}/putuskan", verdict="spoiled").status_code == 409
    assert state_of(dinas, permit_id) is PermitState.SUSPECT


def test_permits_show_their_last_attempt_and_can_be_superseded(dinas: Any) -> None:
    permit_id = permit_after(dinas, OutcomeKind.NOT_PRINTED, PermitState.READY)
    page = get(dinas, "/meja/izin").text
    assert HOME_KIOSK in page
    assert "Tidak ada yang keluar" in page

    answer = post(dinas, f"/meja/izin/{permit_id}/ganti")

    assert "Versi baru ada di register" in answer.text


def test_what_a_kiosk_reported_is_shown_as_text(dinas: Any) -> None:
    with Session(dinas.engine) as session, session.begin():
        session.add(
            AuditEntry(
                kiosk_id=HOME_KIOSK,
                seq=1,
                at="2026-11-24T04:05:06Z",
                event="attempt-presented",
                data={"attempt": "0190-x", "note": "<script>"},
                prev="0" * 64,
                hash="1" * 64,
            )
        )

    page = get(dinas, "/meja/catatan").text

    assert "attempt-presented" in page
    assert "attempt=0190-x" in page
    assert "&lt;script&gt;" in page


def test_opening_a_phone_is_reading_and_the_list_shows_what_is_new(dinas: Any) -> None:
    post(dinas, f"/meja/permohonan/{dinas.application_of(SITI, 'kk')}/setujui")
    assert "2 pesan baru" in get(dinas, "/telepon").text

    get(dinas, "/telepon/6281200000001")

    assert "pesan baru" not in get(dinas, "/telepon").text
