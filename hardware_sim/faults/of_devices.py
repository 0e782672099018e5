"""Faults of everything else: serial devices, cards, cabinet, battery, the line to the Dinas, the machine as a whole."""

from __future__ import annotations

from typing import Any

from hardware_sim.faults.arming import Phase
from hardware_sim.faults.fault import Fault, act, frozen, switched

CHIP = (Phase.BEFORE, Phase.TRANSFER)

RECEIPT_PHASES = (Phase.BEFORE, Phase.TRANSFER, Phase.PRINTING, Phase.EXIT)
RECEIPT = (
    Fault(
        "receipt",
        "paper_low",
        "Kertas struk hampir habis.",
        act("receipt", "paper", level="near_end"),
        (act("receipt", "paper", level="ok"),),
        RECEIPT_PHASES,
    ),
    Fault(
        "receipt",
        "paper_out",
        "Kertas struk habis.",
        act("receipt", "paper", level="out"),
        (act("receipt", "paper", level="ok"),),
        RECEIPT_PHASES,
    ),
    Fault(
        "receipt",
        "cover_open",
        "Penutup pencetak struk terbuka.",
        act("receipt", "cover", open=True),
        (act("receipt", "cover", open=False),),
        RECEIPT_PHASES,
    ),
    Fault(
        "receipt",
        "cutter_jammed",
        "Pemotong struk macet.",
        act("receipt", "cutter", jammed=True),
        (act("receipt", "cutter", jammed=False),),
        RECEIPT_PHASES,
    ),
    switched("receipt", "silence", "Pencetak struk tidak menjawab pertanyaan.", RECEIPT_PHASES),
    switched("receipt", "stop_reading", "Pencetak struk tidak membaca apa pun.", RECEIPT_PHASES),
    Fault(
        "receipt",
        "slow",
        "Pencetak struk membaca satu huruf per detik.",
        act("receipt", "pace", baud=10),
        (act("receipt", "pace", baud=None),),
        RECEIPT_PHASES,
    ),
    Fault(
        "receipt",
        "unplugged",
        "Kabel pencetak struk tercabut.",
        act("receipt", "unplug", device="receipt"),
        (act("receipt", "plug", device="receipt"),),
        RECEIPT_PHASES,
    ),
    frozen("receipt", "Pencetak struk membeku.", phases=RECEIPT_PHASES),
)

CARDS = (
    Fault(
        "cards",
        "unplugged",
        "Kabel pembaca kartu tercabut.",
        act("cards", "unplug", slot="encoder"),
        (act("cards", "plug", slot="encoder"),),
    ),
    Fault(
        "cards", "pulled", "Kartu tercabut di tengah pembacaan cip.", act("cards", "remove", slot="encoder"), (), CHIP
    ),
    Fault("cards", "mute", "Cip kartu tidak menjawab.", act("cards", "fault", slot="encoder", mute=True), (), CHIP[:1]),
    Fault(
        "cards",
        "chip_hangs",
        "Cip kartu menerima perintah tetapi tidak menjawab.",
        act("cards", "fault", slot="encoder", hang=True),
        (),
        CHIP,
    ),
    Fault(
        "cards",
        "two_cards",
        "Dua kartu menempel sekaligus di pembaca.",
        act("cards", "fault", slot="encoder", two_cards=True),
        (act("cards", "fault", slot="encoder", two_cards=False),),
        CHIP[:1],
    ),
    Fault(
        "cards",
        "service_killed",
        "Layanan pembaca kartu (pcscd) mati.",
        act("cards", "kill_pcscd"),
        (act("cards", "start_pcscd"),),
    ),
    frozen("cards", "Pembaca kartu membeku.", phases=CHIP),
)

SCANNER = (
    Fault("scanner", "garbage", "Pemindai mengirim sampah.", act("scanner", "garbage")),
    Fault("scanner", "partial_line", "Pemindai mengirim setengah baris.", act("scanner", "partial", text="ADM1:")),
    Fault(
        "scanner",
        "foreign_code",
        "Yang dipindai bukan QR dari Dinas.",
        act("scanner", "scan", text="https://contoh.example/menu"),
    ),
    Fault("scanner", "flood", "Pemindai mengirim tanpa henti.", act("scanner", "flood")),
    Fault(
        "scanner",
        "unplugged",
        "Kabel pemindai tercabut.",
        act("scanner", "unplug", device="scanner"),
        (act("scanner", "plug", device="scanner"),),
    ),
    frozen("scanner", "Pemindai membeku.", phases=()),
)

CABINET = (
    Fault("cabinet", "unplugged", "Kabel papan lemari tercabut.", act("cabinet", "unplug"), (act("cabinet", "plug"),)),
    switched("cabinet", "silence", "Papan lemari tidak menjawab.", ()),
    switched("cabinet", "wrong_crc", "Jawaban papan lemari rusak di kabel.", ()),
    Fault(
        "cabinet",
        "slow",
        "Papan lemari menjawab satu huruf per detik.",
        act("cabinet", "slow_bytes", seconds=1.0),
        (act("cabinet", "slow_bytes", seconds=0.0),),
    ),
    Fault(
        "cabinet",
        "refuses",
        "Papan lemari menolak setiap permintaan.",
        act("cabinet", "answer_exception", code=4),
        (act("cabinet", "answer_exception", code=0),),
    ),
    Fault("cabinet", "restarted", "Papan lemari kehilangan listrik sesaat; lampunya padam.", act("cabinet", "restart")),
    *(
        Fault(
            "cabinet",
            f"{door}_open",
            sentence,
            act("cabinet", "open_door", door=door),
            (act("cabinet", "close_door", door=door),),
        )
        for door, sentence in (
            ("service_door", "Pintu servis terbuka."),
            ("paper_door", "Pintu kertas terbuka."),
            ("card_door", "Pintu kartu terbuka."),
        )
    ),
    switched("cabinet", "key", "Kunci lemari di posisi servis.", (), "key_in_service"),
    frozen("cabinet", "Papan lemari membeku.", phases=()),
)

UPS = (
    Fault(
        "ups",
        "on_battery",
        "Listrik PLN padam; mesin memakai baterai.",
        act("ups", "battery"),
        (act("ups", "mains"),),
    ),
    Fault("ups", "battery_low", "Baterai hampir habis.", act("ups", "low"), (act("ups", "mains"),)),
    Fault(
        "ups",
        "battery_worn",
        "Baterai cadangan minta diganti.",
        act("ups", "say", **{"ups.status": "OL RB", "battery.charge": 100, "battery.runtime": 900}),
        (act("ups", "mains"),),
    ),
    Fault("ups", "unplugged", "Kabel baterai cadangan tercabut.", act("ups", "unplug"), (act("ups", "plug"),)),
    Fault(
        "ups", "service_killed", "Layanan baterai (upsd) mati.", act("ups", "kill_upsd"), (act("ups", "start_upsd"),)
    ),
    frozen("ups", "Baterai cadangan membeku.", phases=()),
)


def _of_claim(kind: str, name: str, sentence: str, **how: Any) -> Fault:
    return Fault("dinas", name, sentence, act("dinas", "fault", kind=kind, path="/attempts/", method="PUT", **how))


DINAS = (
    Fault(
        "dinas",
        "away",
        "Dinas tidak bisa dihubungi.",
        act("dinas", "away", mode="refuse"),
        (act("dinas", "back"),),
    ),
    Fault(
        "dinas",
        "silent",
        "Dinas menerima sambungan tetapi tidak menjawab.",
        act("dinas", "away", mode="hang"),
        (act("dinas", "back"),),
    ),
    Fault("dinas", "busy", "Dinas sedang sibuk.", act("dinas", "fault", kind="busy", times=1)),
    _of_claim("lose", "claim_unanswered", "Jawaban Dinas atas permintaan izin cetak hilang."),
    _of_claim("cut", "claim_cut", "Jawaban Dinas atas permintaan izin cetak putus di tengah.", after_bytes=20),
    _of_claim("error", "claim_error", "Dinas menjawab dengan galat atas permintaan izin cetak."),
    _of_claim("slow", "claim_slow", "Dinas lambat menjawab permintaan izin cetak.", seconds=5.0),
    Fault(
        "dinas",
        "outcome_unanswered",
        "Jawaban Dinas atas laporan hasil hilang.",
        act("dinas", "fault", kind="lose", path="/outcome"),
    ),
)

MACHINE = (
    Fault(
        "machine",
        "power_cut",
        "Listrik seluruh mesin putus.",
        act("machine", "cut_power"),
        (act("machine", "restore_power"),),
    ),
    Fault(
        "machine",
        "spooler_killed",
        "Layanan cetak (cupsd) mati.",
        act("machine", "kill_cupsd"),
        (act("machine", "start_cupsd"),),
    ),
    Fault(
        "machine",
        "spooler_frozen",
        "Layanan cetak (cupsd) membeku.",
        act("machine", "freeze", name="cupsd"),
        (act("machine", "thaw", name="cupsd"),),
    ),
)
