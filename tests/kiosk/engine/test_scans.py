"""From the scanner's line to the visit."""

from collections.abc import AsyncIterator

from kiosk.engine.scans import follow_scans
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import ScanFault
from kiosk.session.events import Event, Scanned


class Scanner:
    """Reads what a test holds before it."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    async def scans(self) -> AsyncIterator[str]:
        for text in self._texts:
            yield text


async def test_a_code_of_ours_is_handed_on_and_others_are_refused_and_written_down(ledger: Ledger) -> None:
    happened: list[Event] = []
    scanner = Scanner("ADM1:K7QW2M9ZX4TP", "https://example.org/bayar?nik=3523165708790001", "\ufffd\ufffd")
    await follow_scans(scanner, ledger, happened.append)  # type: ignore[arg-type]  # the one call that it makes

    assert happened == [
        Scanned("K7QW2M9ZX4TP"),
        Scanned(None, ScanFault.FOREIGN),
        Scanned(None, ScanFault.UNREADABLE),
    ]
    entries = await ledger.audit_entries(0, 10)
    assert [(entry.event, entry.data) for entry in entries] == [
        ("code-refused", {"actor": "applicant", "fault": "foreign"}),
        ("code-refused", {"actor": "applicant", "fault": "unreadable"}),
    ]
