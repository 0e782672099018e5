"""What the codes of the ledger mean, in Indonesian, for operators and auditors. One without a word is said as it is."""

from __future__ import annotations

from datetime import datetime

from kiosk.dinas.contract import OutcomeKind
from kiosk.documents.receipt import WIB
from kiosk.ledger.errors import BlankError
from kiosk.ledger.phases import Phase

PHASES = {
    Phase.RESERVED: "dimulai",
    Phase.CLAIMED: "kunci isi diterima dari Dinas",
    Phase.OPENED: "isi diperiksa dan digambar",
    Phase.SUBMITTED: "tugas cetak dibuat",
    Phase.PRINTING: "dikirim ke pencetak",
    Phase.PRESENTED: "disodorkan kepada pemohon",
    Phase.TAKEN: "diambil",
    Phase.RETRACTED: "ditarik kembali",
    Phase.FAILED: "gagal, tidak ada yang keluar",
    Phase.SPOILED: "rusak, tidak diserahkan",
    Phase.UNKNOWN: "belum diketahui",
}

OUTCOMES = {
    OutcomeKind.PRINTED: "tercetak dan diserahkan",
    OutcomeKind.NOT_PRINTED: "tidak tercetak",
    OutcomeKind.SPOILED: "bahan terpakai, tidak diserahkan",
    OutcomeKind.UNKNOWN: "belum diketahui",
}

REASONS = {
    "interrupted": "terputus sebelum dicetak",
    "contradiction": "mesin mencetak yang tidak dikirim buku ini",
    "card-kept-back": "kartu tertahan di mesin",
    "not-printed": "mesin dan pencacah sepakat tidak ada yang keluar",
    "not-presented": "tercetak, tetapi tidak jelas siapa yang mengambil",
    "no-evidence": "tidak ada bukti sampai mana mesin bekerja",
    "not-confirmed": "tidak ada yang menyatakan sudah mengambil",
    "not-taken": "tidak diambil",
    "taken": "diambil",
    "not-in-bin": "tidak jelas apakah kartu jatuh ke bak tolak",
    "present-failed": "kartu gagal disodorkan",
}

EVIDENCE = {
    "spooler_job": "nomor tugas cetak",
    "job_end": "akhir tugas cetak",
    "claim": "pemegang klaim cetak",
    "queue_state": "keadaan di antrean",
    "queue_reasons": "sebab di antrean",
    "device_state": "keadaan di pencetak",
    "device_reasons": "sebab di pencetak",
    "device_sheets": "lembar menurut pencetak",
    "printed_before": "pencacah cetak sebelum",
    "printed_after": "pencacah cetak sesudah",
    "rejected_before": "pencacah tolak sebelum",
    "rejected_after": "pencacah tolak sesudah",
    "state_after": "pencetak sesudahnya",
    "conditions_after": "keluhan pencetak",
    "position_after": "letak kartu sesudahnya",
    "path": "jalur kartu",
    "path_clear": "jalur kosong",
    "path_was_blocked": "jalur pernah tersumbat",
    "seen_in_slot": "terlihat di celah",
    "chip_read": "cip terbaca",
    "chip_photo_compared": "foto cip dibandingkan",
    "chip_personalized": "cip diisi",
    "chip_fault": "gangguan cip",
    "binned": "jatuh ke bak tolak",
    "reject_obstacle": "halangan menolak",
    "taken": "pengambilan menurut",
    "verdict": "putusan mesin",
}

ACTORS = {"applicant": "pemohon", "operator": "operator", "technician": "teknisi", "system": "mesin"}

LOOK_AT = {
    "card": (
        "Buka mesin: apakah kartu ini ada di jalur, di bak tolak, atau di celah? Baca nomor blankonya.",
        "Bandingkan pencacah cetak mesin dengan angka sebelum dan sesudah di atas.",
        "Kartunya ditemukan dan dipegang operator: --as spoiled (pernah disodorkan: --as retracted).",
        "Sudah di tangan pemohon: --as taken. Tidak ada kartu yang terpakai: --as failed.",
    ),
    "a4": (
        "Lihat baki keluar: apakah lembar-lembar ini ada, lengkap, atau hanya sebagian?",
        "Bandingkan pencacah lembar mesin dengan angka sebelum dan sesudah di atas.",
        "Lembarnya ditemukan dan dipegang operator: --as spoiled (pernah disodorkan: --as retracted).",
        "Sudah di tangan pemohon: --as taken. Tidak ada lembar yang keluar: --as failed.",
    ),
}

TAKE_OUT = {
    "card": (
        "Buka mesin dan ambil kartu ini dari bak tolak atau dari jalurnya. Baca nomor blankonya.",
        "Nomornya lain dari di atas: tambahkan --blank NOMOR pada perintah di bawah.",
    ),
    "a4": ("Ambil lembar-lembarnya dari baki keluar atau dari jalur kertas, semuanya.",),
}

NOT_FOUND = {
    "card": "Tidak ditemukan: jangan dicatat. Hitung bak tolak (adm-kiosk ledger stocktake --bin) dan hubungi Dinas; "
    "sampai itu jelas, pemohonnya tidak dapat mencetak lagi.",
    "a4": "Tidak ditemukan: jangan dicatat. Hubungi Dinas; sampai itu jelas, pemohonnya tidak dapat mencetak lagi.",
}

SUPPLIES = {"paper": "kertas", "toner": "toner", "ribbon": "pita", "film": "film"}

STATES = {
    "in_store": "di lemari operator",
    "in_feeder": "di wadah mesin",
    "in_path": "di jalur mesin",
    "delivered": "diserahkan",
    "retracted": "ditarik kembali",
    "spoiled": "rusak",
    "destroyed": "dimusnahkan",
    "missing": "tidak ditemukan",
}

DIFFERENCES = {
    "feeder-count": "hitungan wadah",
    "bin-count": "hitungan bak tolak",
    "printed-counter": "pencacah cetak",
    "rejected-counter": "pencacah tolak",
    "printed-went-back": "pencacah cetak mundur",
    "rejected-went-back": "pencacah tolak mundur",
    "feeder-empty": "mesin berkata wadah kosong",
    "unrecorded-blank": "blanko yang tidak tercatat",
    "serial-unknown": "nomor blanko yang tidak dikenal buku",
    "serial-elsewhere": "nomor blanko yang menurut buku ada di tempat lain",
}

OF_DIFFERENCES = {
    "counted": "dihitung",
    "ledger": "menurut buku",
    "since": "dibandingkan sejak",
    "since_stocktake": "sejak hitungan nomor",
    "attempts": "percobaan di antaranya",
    "counter": "pencacah",
    "before": "sebelum",
    "after": "sesudah",
    "machine": "kata mesin",
    "said": "dibaca operator",
    "books": "di buku",
}

BLANK_TROUBLES = {
    "count": "hitungan tidak boleh kurang dari 0",
    "not-open": "selisih ini tidak terbuka; lihat: adm-kiosk ledger differences",
    "reason": "sebab harus diisi",
    "serial-form": "nomor blanko terdiri atas sampai 6 huruf dan 1 sampai 12 angka; rentangnya A0012301-A0012800",
    "range-ends": "kedua ujung rentang harus dari satu seri dan sama panjang",
    "range-size": "terlalu banyak sekaligus (paling banyak 10.000); periksa angkanya",
    "known": "blanko ini sudah ada di buku",
    "unknown": "blanko ini belum ada di buku; catat dahulu penyerahannya: adm-kiosk ledger deliver",
    "not-accounted": "blanko ini masih di bak tolak menurut buku; pertanggungjawabkan dahulu: adm-kiosk ledger account "
    "(daftarnya: adm-kiosk ledger unaccounted)",
    "not-in-store": "blanko ini tidak ada di lemari operator menurut buku",
    "not-in-feeder": "blanko ini tidak ada di wadah mesin menurut buku",
    "not-unused": "hanya blanko di lemari atau di wadah mesin dicatat rusak dengan ini; bahan dari percobaan cetak: "
    "adm-kiosk ledger unaccounted",
    "not-kept-back": "hanya blanko yang rusak atau ditarik kembali dapat dimusnahkan; yang lain catat dahulu: "
    "adm-kiosk ledger spoil",
    "ended": "blanko ini tidak dapat dicatat hilang lagi",
    "not-written": "basis data tidak menulisnya; jalankan lagi",
    "twice": "satu nomor disebut dua kali",
    "supply": "bahan yang dikenal: paper, toner, ribbon, film, dengan jumlah 0 sampai 1.000.000",
}


def blank_trouble(error: BlankError) -> str:
    """Why the books of the blanks refuse, with the serial and where that blank is."""
    text = str(error)
    subject, colon, _ = text.partition(": ")
    state = next((word for name, word in STATES.items() if text.endswith(f": is {name} by the books")), None)
    why = BLANK_TROUBLES.get(error.reason, error.reason)
    return f"{f'{subject}: ' if colon else ''}{why}{f'; sekarang {state}' if state else ''}. (Untuk teknisi: {text}.)"


def reason(code: str | None) -> str:
    """A reason in words, with its code."""
    if not code:
        return "-"
    return f"{REASONS[code]} ({code})" if code in REASONS else code


def actor(text: str) -> str:
    """Who did it: "operator ani", "mesin (reconciliation)", "pemohon"."""
    kind, _, who = text.partition(":")
    word = ACTORS.get(kind, kind)
    if not who:
        return word
    return f"{word} ({who})" if kind == "system" else f"{word} {who}"


def moment(text: str | None) -> str:
    """A time of the ledger as the wall clock shows it: 02-03-2026 15.04.05 WIB."""
    return f"{datetime.fromisoformat(text).astimezone(WIB):%d-%m-%Y %H.%M.%S} WIB" if text else "-"
