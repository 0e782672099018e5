"""Indonesian words of the pages for states and fields, and how times and numbers look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hardware_sim.dinas.model import ApplicationState, OutcomeKind, PermitState
from hardware_sim.dinas.whatsapp.errors import Remedy
from hardware_sim.dinas.whatsapp.phones import PhoneState
from hardware_sim.dinas.whatsapp.records import MessageStatus, MessageView
from hardware_sim.dinas.whatsapp.templates import PIN_TEMPLATE, QR_TEMPLATE

WIB = timezone(timedelta(hours=7), "WIB")  # western Indonesia, where Tuban lies; no summer time
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

# Each state: what it says, and how it looks (ok, wait, bad or plain).
APPLICATION = {
    ApplicationState.TO_VERIFY: ("Menunggu verifikasi", "wait"),
    ApplicationState.VERIFIED: ("Disetujui", "ok"),
    ApplicationState.REJECTED: ("Ditolak", "bad"),
}
PERMIT = {
    PermitState.READY: ("Siap dicetak", "ok"),
    PermitState.CLAIMED: ("Sedang dicetak", "wait"),
    PermitState.PRINTED: ("Sudah dicetak", "plain"),
    PermitState.SUSPECT: ("Perlu diperiksa", "bad"),
    PermitState.SUPERSEDED: ("Sudah diganti", "plain"),
    PermitState.COURIER: ("Lewat kurir", "plain"),
    PermitState.OFFICE: ("Diambil di kantor", "plain"),
}
OUTCOME = {
    OutcomeKind.PRINTED: ("Keluar dari mesin", "ok"),
    OutcomeKind.NOT_PRINTED: ("Tidak ada yang keluar", "plain"),
    OutcomeKind.SPOILED: ("Rusak, tertahan di mesin", "bad"),
    OutcomeKind.UNKNOWN: ("Belum jelas", "bad"),
}
MESSAGE = {
    MessageStatus.QUEUED: ("Akan dikirim", "wait"),
    MessageStatus.UNKNOWN: ("Belum jelas terkirim", "wait"),
    MessageStatus.ACCEPTED: ("Diterima WhatsApp", "wait"),
    MessageStatus.SENT: ("Terkirim, belum sampai", "wait"),
    MessageStatus.FAILED: ("Tidak dapat dikirim", "bad"),
    MessageStatus.DELIVERED: ("Sampai di telepon", "ok"),
    MessageStatus.READ: ("Sudah dibaca", "ok"),
}
REMEDY = {
    Remedy.RETRY: "WhatsApp sedang terganggu. Kirim lagi beberapa menit lagi.",
    Remedy.OTHER_CHANNEL: "Nomor ini tidak bisa menerima WhatsApp. Hubungi pemohon dengan cara lain.",
    Remedy.STOP: "Akun WhatsApp kita bermasalah. Pengiriman berhenti sampai administrator memperbaikinya.",
    Remedy.FAULT: "WhatsApp menolak pesan ini. Laporkan kepada administrator.",
}
OVERDUE = "Tidak sampai selama masa kirim 30 hari, lalu dibuang oleh WhatsApp."
PHONE = {
    PhoneState.ON: ("Menyala", "Pesan langsung sampai"),
    PhoneState.OFF: ("Mati", "Pesan menunggu sampai telepon menyala"),
    PhoneState.UNREACHABLE: ("Tanpa WhatsApp", "Pesan gagal dengan kode 131026"),
    PhoneState.BLOCKING: ("Memblokir kita", "Pesan tetap terkirim dan tidak pernah sampai"),
}
TEMPLATES = {PIN_TEMPLATE: "PIN", QR_TEMPLATE: "Kode QR"}
ACTS = {
    "verify": "Menyetujui permohonan",
    "reject": "Menolak permohonan",
    "reissue-pin": "Menerbitkan PIN baru",
    "unlock": "Membuka kunci",
    "account-spoiled": "Mempertanggungjawabkan blanko",
    "settle-printed": "Memutuskan: tercetak",
    "settle-not_printed": "Memutuskan: tidak tercetak",
    "supersede": "Mengganti dokumen di register",
}
REASONS = {
    "jam": "macet",
    "media-empty": "bahan habis",
    "ribbon-empty": "pita habis",
    "cover-open": "penutup terbuka",
    "power-loss": "listrik padam",
    "signature-invalid": "tanda tangan tidak sah",
}
FIELDS = {
    "nik": "NIK",
    "nomor_kk": "Nomor KK",
    "rt_rw": "RT/RW",
    "kel_desa": "Desa/Kelurahan",
    "gol_darah": "Golongan darah",
    "nama_kepala_keluarga": "Kepala keluarga",
    "hubungan": "Hubungan dalam keluarga",
    "tanggal_perkawinan": "Tanggal kawin/cerai",
    "ayah": "Nama ayah",
    "ibu": "Nama ibu",
    "no_paspor": "No. paspor",
    "no_kitap": "No. KITAP",
    "nik_ayah": "NIK ayah",
    "nik_ibu": "NIK ibu",
    "status_kk_tetap": "Status KK yang tetap",
    "status_kk_pindah": "Status KK yang pindah",
}


def label(key: str) -> str:
    """The name of a field of a document."""
    return FIELDS.get(key, key.replace("_", " ").capitalize())


def when(moment: datetime) -> str:
    """A time for people: 24 Nov 2026, 18.05 WIB."""
    local = moment.astimezone(WIB)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H.%M} WIB"


def clock(seconds: float) -> str:
    """Hours and minutes of a time since the epoch, as a chat shows them."""
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(WIB):%H.%M}"


def phone_number(phone: str) -> str:
    """62812... in groups, as people read it: +62 812-0000-0001."""
    rest = phone.removeprefix("62")
    return f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}"


def advice(message: MessageView) -> str:
    """What the clerk can do about a message; empty when nothing needs doing."""
    if message.status is MessageStatus.FAILED:
        return REMEDY[message.remedy or Remedy.FAULT]
    return OVERDUE if message.overdue else ""


def _first(table: Mapping[Any, tuple[str, str]]) -> Callable[[Any], str]:
    def first(state: Any) -> str:
        return table[state][0]

    return first


def _second(table: Mapping[Any, tuple[str, str]]) -> Callable[[Any], str]:
    def second(state: Any) -> str:
        return table[state][1]

    return second


_STATES: dict[str, Mapping[Any, tuple[str, str]]] = {
    "application": APPLICATION,
    "permit": PERMIT,
    "outcome": OUTCOME,
    "message": MESSAGE,
    "phone_state": PHONE,
}
FILTERS: dict[str, Callable[..., str]] = {
    "label": label,
    "when": when,
    "clock": clock,
    "phone_number": phone_number,
    "advice": advice,
    "template_word": lambda name: TEMPLATES.get(name, str(name)),
    "reason_word": lambda code: REASONS.get(code, str(code)),
    "act_word": lambda name: ACTS.get(name, str(name)),
    **{f"{name}_word": _first(table) for name, table in _STATES.items()},
    **{f"{name}_look": _second(table) for name, table in _STATES.items()},
}
