"""From the scanner's line to the visit: a handle of the Dinas, or why a code is none."""

from __future__ import annotations

from collections.abc import Callable

from drivers.qr_scanner.driver import QrScanner
from drivers.qr_scanner.frames import Foreign, Handle, parse_scan
from kiosk.ledger import events
from kiosk.ledger.ledger import Ledger
from kiosk.protocol import ScanFault
from kiosk.session.events import Event, Scanned


async def follow_scans(scanner: QrScanner, ledger: Ledger, happened: Callable[[Event], None]) -> None:
    """Hand on each scan, for as long as the engine runs. What a code says is never written down."""
    async for text in scanner.scans():
        scan = parse_scan(text)
        if isinstance(scan, Handle):
            happened(Scanned(scan.value))
            continue
        fault = ScanFault.FOREIGN if isinstance(scan, Foreign) else ScanFault.UNREADABLE
        await ledger.record(events.CodeRefused(actor=events.APPLICANT, fault=fault))
        happened(Scanned(None, fault))
