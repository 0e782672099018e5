"""Bundle changes over more than one page, and across a compaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hardware_sim.dinas import bundles
from hardware_sim.dinas.model import Applicant, Application, Permit, open_database

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CODES = ["kk", "ktp-el"]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = open_database(tmp_path / "dinas.db")
    with Session(engine) as session:
        session.add(Applicant(nik="3523165204850003", name="X", phone="62", wilayah="35.23.16.1006", handle="H"))
        yield session
    engine.dispose()


def permit(session: Session, number: int, document: str = "kk") -> Permit:
    application = Application(
        application_id=f"a{number}", nik="3523165204850003", document=document, medium="a4", title="t", holder="h",
        content={}, submitted_at=NOW,
    )  # fmt: skip
    made = Permit(
        permit_id=f"p{number}", application=application, nik="3523165204850003", document=document, medium="a4",
        title="t", holder="h", made_at=NOW, expires_at=NOW, content_key=b"k", bundle_size=1, bundle_sha256="0",
    )  # fmt: skip
    session.add(made)
    session.flush()
    bundles.put(session, made)
    session.flush()
    return made


def pages(session: Session, cursor: str | None = None) -> tuple[list[list[str]], str]:
    """The permit ids of each page until there are no more, and the last cursor."""
    found = []
    while True:
        page = bundles.changes(session, cursor, CODES)
        if not page.changes:
            assert cursor is None or page.next == cursor
            return found, page.next
        found.append([change.permit_id for change in page.changes])
        cursor = page.next


def test_at_most_a_hundred_oldest_first(session: Session) -> None:
    for number in range(250):
        permit(session, number)

    found, cursor = pages(session)

    assert [len(page) for page in found] == [100, 100, 50]
    assert [permit_id for page in found for permit_id in page] == [f"p{number}" for number in range(250)]
    assert pages(session, cursor) == ([], cursor)


def test_a_kiosk_in_the_middle_of_its_first_list_goes_on_after_a_compaction(session: Session) -> None:
    made = [permit(session, number) for number in range(150)]
    bundles.drop(session, made[0])
    bundles.compact(session)
    first = bundles.changes(session, None, CODES)

    rest, _ = pages(session, first.next)

    assert [c.permit_id for c in first.changes] + rest[0] == [f"p{number}" for number in range(1, 150)]


def test_a_kiosk_that_missed_what_was_compacted_begins_again(session: Session) -> None:
    made = permit(session, 0)
    _, before = pages(session)
    bundles.drop(session, made)
    session.flush()
    bundles.compact(session)

    with pytest.raises(bundles.CursorError):
        bundles.changes(session, before, CODES)


def test_a_kiosk_that_had_all_goes_on_after_a_compaction(session: Session) -> None:
    permit(session, 0)
    _, cursor = pages(session)
    bundles.compact(session)
    assert pages(session, cursor) == ([], cursor)

    permit(session, 1)

    assert pages(session, cursor)[0] == [["p1"]]


def test_a_kiosk_hears_only_of_documents_that_it_may_print(session: Session) -> None:
    permit(session, 0, "biodata")
    permit(session, 1, "kk")

    assert pages(session)[0] == [["p1"]]


def test_a_bundle_is_dropped_once(session: Session) -> None:
    made = permit(session, 0)
    _, cursor = pages(session)

    bundles.drop(session, made)
    bundles.drop(session, made)
    session.flush()

    assert pages(session, cursor)[0] == [["p0"]]
