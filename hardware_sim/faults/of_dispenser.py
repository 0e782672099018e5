"""Faults of the dispenser before a card printer without a feeder."""

from __future__ import annotations

from hardware_sim.faults.arming import Phase
from hardware_sim.faults.fault import Act, Fault, act, frozen, switched

MOVES = (Phase.BEFORE, Phase.PRINTING, Phase.EXIT, Phase.AFTER)


def _lost(name: str, sentence: str, **arguments: object) -> Fault:
    """Something that goes wrong with the next so many messages."""
    return Fault("dispenser", name, sentence, _do(name, **arguments), (_do(name, **{**arguments, "times": 0}),))


def _do(name: str, /, **arguments: object) -> Act:
    return act("dispenser", name, **arguments)


DISPENSER = (
    Fault(
        "dispenser",
        "stacker_empty",
        "Tempat kartu kosong di penyalur habis.",
        _do("stacker", n=0),
        (_do("stacker", n=100),),
        (Phase.BEFORE,),
    ),
    Fault(
        "dispenser",
        "stacker_low",
        "Kartu kosong di penyalur tinggal sedikit.",
        _do("stacker", n=5),
        (_do("stacker", n=100),),
    ),
    switched("dispenser", "jam", "Kartu tersangkut di penyalur.", MOVES),
    Fault(
        "dispenser",
        "jam_unseen",
        "Kartu tersangkut di tempat yang tidak terlihat sensor.",
        _do("jam", on=True, seen=False),
        (_do("jam", on=False),),
        MOVES,
    ),
    Fault(
        "dispenser",
        "bin_full",
        "Kotak kartu gagal di penyalur penuh.",
        _do("fill_bin"),
        (_do("empty_bin"),),
        MOVES,
    ),
    Fault(
        "dispenser",
        "counter_at_its_end",
        "Penghitung kotak kartu gagal sampai 999.",
        _do("counter", n=999),
        (_do("counter", n=0),),
    ),
    Fault(
        "dispenser",
        "motor",
        "Motor penyalur rusak; listriknya perlu dimatikan dan dihidupkan.",
        _do("motor_error", code="51"),
        (_do("motor_error", code=""), _do("restart")),
        (Phase.BEFORE,),
    ),
    Fault(
        "dispenser",
        "moved_by_hand",
        "Kartu ditarik paksa dari penyalur.",
        _do("moved_by_hand"),
        phases=(Phase.AFTER,),
    ),
    Fault(
        "dispenser",
        "takes_back_at_once",
        "Penyalur menarik kartu kembali sebelum diambil.",
        _do("times", take_back_s=0.1),
        (_do("times", take_back_s=60.0),),
        MOVES,
    ),
    _lost("lose_answer", "Jawaban gerakan berikutnya hilang di kabel.", times=1),
    _lost("lose_ack", "Tanda terima gerakan berikutnya hilang di kabel.", times=1),
    _lost("lose_command", "Perintah gerakan berikutnya tidak sampai.", times=1),
    _lost("nak", "Penyalur tidak memahami tiga perintah berikutnya.", times=3),
    _lost("wrong_bcc", "Setiap jawaban penyalur rusak di kabel.", times=1_000_000),
    Fault(
        "dispenser",
        "slow",
        "Penyalur menjawab satu huruf per detik.",
        _do("slow_bytes", seconds=1.0),
        (_do("slow_bytes", seconds=0.0),),
    ),
    switched("dispenser", "silence", "Penyalur tidak menjawab.", MOVES),
    Fault("dispenser", "unplugged", "Kabel penyalur tercabut.", _do("unplug"), (_do("plug"),), MOVES),
    Fault("dispenser", "restarted", "Penyalur kehilangan listrik sesaat.", _do("restart"), phases=MOVES),
    Fault(
        "dispenser",
        "another_machine",
        "Penyalur diganti dengan jenis yang tidak dikenal.",
        _do("variant", name="x999"),
        (_do("variant", name="m001"),),
    ),
    frozen("dispenser", "Penyalur membeku.", phases=MOVES),
)
