"""Looks at printing: cupsd, the fence, the two queues, and the printers themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import Any

import cups

from drivers import registry
from drivers.device import CONDITIONS, Condition, DeviceState
from drivers.errors import DeviceError
from drivers.spooler import readings
from drivers.spooler.device import IppDevice
from drivers.spooler.queue import FENCE, QUEUE_STOPPED
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.settings import Settings

DISCOVERY_S = 3
QUEUE_ATTRIBUTES = [
    "device-uri",
    "media-supported",
    "printer-state",
    "printer-is-accepting-jobs",
    "printer-error-policy",
    "printer-state-message",
]
STATES: dict[DeviceState, str] = {
    DeviceState.ONLINE: "siap",
    DeviceState.BUSY: "sedang mencetak",
    DeviceState.OFFLINE: "tidak menerima pekerjaan",
    DeviceState.POWER_OFF: "mati",
    DeviceState.USER_ERROR: "menunggu petugas",
    DeviceState.HARDWARE_ERROR: "rusak",
    DeviceState.UNKNOWN: "keadaannya tidak diketahui",
}
CONDITION_WORDS: dict[Condition, str] = {
    Condition.MEDIA_EMPTY: "kertas atau blanko habis",
    Condition.MEDIA_LOW: "kertas atau blanko tinggal sedikit",
    Condition.MEDIA_JAM: "kertas atau kartu macet",
    Condition.COVER_OPEN: "tutup terbuka",
    Condition.RIBBON_EMPTY: "pita habis",
    Condition.RIBBON_LOW: "pita tinggal sedikit",
    Condition.FILM_EMPTY: "film habis",
    Condition.FILM_LOW: "film tinggal sedikit",
    Condition.SUPPLY_FAULT: "pita atau film rusak atau salah jenis",
    Condition.TONER_EMPTY: "toner habis",
    Condition.TONER_LOW: "toner tinggal sedikit",
    Condition.OUTPUT_FULL: "tempat keluar penuh",
    Condition.REJECT_BIN_FULL: "kotak kartu gagal penuh",
    Condition.COOLING: "mendingin",
    Condition.HEAD_TEMPERATURE: "suhu kepala cetak di luar batas",
    Condition.CLEANING_DUE: "waktunya dibersihkan",
    Condition.CUTTER_FAULT: "pisau macet",
    Condition.QUEUE_STOPPED: "antrean berhenti",
    Condition.MEDIA_PRESENTED: "kartu menunggu diambil",
    Condition.ON_BATTERY: "memakai baterai",
    Condition.BATTERY_LOW: "baterai hampir habis",
    Condition.BATTERY_WORN: "baterai perlu diganti",
}


def spooler(settings: Settings) -> Iterator[Finding]:
    """Whether cupsd answers, has the fence, and has the queues as they must be."""
    subject = "CUPS"
    try:
        # Without an answer to a password, libcups would ask for it on the terminal and wait there.
        cups.setPasswordCB2(lambda *_: None)
        # The default server of this thread, else questions about driverless queues fail.
        cups.setServer(settings.spooler.server)
        connection = cups.Connection()
    except (RuntimeError, cups.IPPError, cups.HTTPError):
        yield broken(subject, f"tidak menjawab di {settings.spooler.server}", "Hidupkan: systemctl start cups.service")
        return
    yield ok(subject, f"menjawab di {settings.spooler.server}")
    yield _fence(connection)
    for subject, printer in (("Antrean kartu", settings.card_printer), ("Antrean kertas", settings.paper_printer)):
        if printer and printer.queue:
            yield _queue(subject, connection, printer.queue, printer.media)


def _fence(connection: Any) -> Finding:
    """Asked of cupsd itself: it lists a backend only if that is in its folder and can be run."""
    subject, scheme = "Pagar cetak (adm-fence)", FENCE.rstrip(":")
    try:
        found = connection.getDevices(include_schemes=[scheme], timeout=DISCOVERY_S)
    except cups.IPPError as error:
        if error.args[0] == cups.IPP_NOT_FOUND:
            found = {}
        else:
            return attention(
                subject, "CUPS tidak mau mengatakan ada tidaknya", "Jalankan pemeriksaan ini sebagai root."
            )
    if scheme in found:
        return ok(subject, "terpasang")
    remedy = "Pasang: scripts/install-files; harus milik root, hak 755, di /usr/lib/cups/backend/adm-fence."
    return broken(subject, "tidak terpasang: tanpa pagar, CUPS dapat mencetak dua kali", remedy)


def _queue(subject: str, connection: Any, name: str, media: str) -> Finding:
    make = f"Buat antrean {name} seperti dalam docs/install.md."
    try:
        found: Mapping[str, Any] = connection.getPrinterAttributes(name, requested_attributes=QUEUE_ATTRIBUTES)
    except cups.IPPError:
        return broken(subject, f"{name} tidak ada", make)
    device = str(found.get("device-uri", ""))
    if not device.startswith(FENCE):
        remedy = f"lpadmin -p {name} -v {FENCE}/{device}"
        return broken(subject, f"{name} tidak lewat pagar ({device}): dapat mencetak dua kali", remedy)
    if not _offers(found, media):
        remedy = f"{make} (-m everywhere, dengan pencetak hidup)"
        return broken(subject, f"{name} tidak mengenal ukuran {media} (tanpa PPD?)", remedy)
    if found.get("printer-state") == QUEUE_STOPPED or found.get("printer-is-accepting-jobs") is False:
        what = f"{name} berhenti ({found.get('printer-state-message') or 'tanpa keterangan'})"
        # Opening it by hand would send what is left in it.
        return broken(subject, what, f"Jangan buka dengan tangan sebelum kosong: lpstat -W not-completed -o {name}")
    if found.get("printer-error-policy") != "abort-job":
        what = f"{name} mengulang pekerjaan yang gagal ({found.get('printer-error-policy')})"
        return broken(subject, what, f"lpadmin -p {name} -o printer-error-policy=abort-job")
    return ok(subject, f"{name}, lewat pagar, ukuran {media}")


def _offers(queue: Mapping[str, Any], media: str) -> bool:
    size = media.rpartition("_")[2]  # CUPS has names of its own for sizes that are not in its table
    return any(str(name).endswith(size) for name in readings.listed(queue.get("media-supported")))


def card_printer(settings: Settings) -> Iterator[Finding]:
    subject, printer = "Pencetak kartu", settings.card_printer
    if printer and printer.driver in registry.known() and printer.driver != registry.CUPS_CARD:
        # Its driver holds the machine while the engine runs, and asks it in words that only the driver knows.
        yield attention(subject, f"driver {printer.driver}", "Lihat keadaannya pada layar kios atau pencetak.")
    elif printer and printer.driver == registry.CUPS_CARD and printer.device:
        yield _printer(subject, printer.device, readings.RIBBON_REASONS)
    elif printer:
        remedy = f"Perbaiki [card_printer]. Driver yang terpasang: {', '.join(sorted(registry.known()))}."
        yield broken(subject, f"setelan tidak lengkap untuk driver {printer.driver}", remedy)


def paper_printer(settings: Settings) -> Iterator[Finding]:
    if settings.paper_printer:
        yield _printer("Pencetak kertas", settings.paper_printer.device, readings.TONER_REASONS)


def _printer(subject: str, address: str, supplies: Mapping[str, Condition]) -> Finding:
    """The machine itself, since CUPS tells nothing of an idle one."""
    try:
        attributes = asyncio.run(_ask(subject, address))
    except DeviceError as error:
        remedy = "Periksa listrik dan kabelnya. Bila alamatnya berubah, ubah setelan dan antreannya."
        return broken(subject, f"tidak menjawab di {address} ({error.reason})", remedy)
    status = readings.status(attributes, supplies, time.monotonic())
    conditions = sorted(status.conditions, key=lambda condition: condition.value)
    words = [CONDITION_WORDS[condition] for condition in conditions]
    counter = readings.counters(attributes).printed
    counted = "" if counter is None else f", pencacah {counter}"
    what = f"{STATES.get(status.state, status.state.value)}{': ' if words else ''}{', '.join(words)}{counted}"
    if not status.ready:
        return broken(subject, what, "Bereskan pada mesinnya: " + (", ".join(words) or "lihat layar pencetak") + ".")
    if any(CONDITIONS[condition].mended_by.value == "operator" for condition in conditions):
        return attention(subject, what, "Siapkan persediaan.")
    if counter is None:
        return attention(subject, what, "Pencetak tanpa pencacah: hasil cetak yang ragu harus dilihat petugas.")
    return ok(subject, what)


async def _ask(subject: str, address: str) -> dict[str, Any]:
    device = IppDevice(subject, address)
    try:
        return await device.attributes(readings.STATUS_ATTRIBUTES)
    finally:
        await device.close()
