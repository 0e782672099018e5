"""Faults of the two printers behind cupsd."""

from __future__ import annotations

from collections.abc import Iterable

from hardware_sim.faults.arming import Phase
from hardware_sim.faults.fault import ANY_PHASE, WORKING, Fault, act, condition, frozen, switched


def _printer(device: str) -> Iterable[Fault]:
    """What goes wrong with any printer behind cupsd."""
    what = {"paper": "kertas", "card": "kartu"}[device]
    queue = {"paper": "adm-a4", "card": "adm-card"}[device]
    yield condition(device, "cover_open", f"Penutup pencetak {what} terbuka.", (*WORKING, Phase.EXIT))
    yield condition(
        device, "media_jam", f"Ada {what} tersangkut di dalam pencetak.", (Phase.BEFORE, Phase.PRINTING, Phase.EXIT)
    )
    yield Fault(
        device,
        "power_off",
        f"Listrik pencetak {what} mati.",
        act(device, "power_off"),
        (act(device, "power_on"),),
        ANY_PHASE,
    )
    yield switched(device, "hang", f"Pencetak {what} menerima sambungan tetapi tidak menjawab.", ANY_PHASE)
    yield switched(device, "reset", f"Pencetak {what} memutus setiap sambungan.", ANY_PHASE)
    yield switched(device, "unavailable", f"Pencetak {what} menjawab bahwa ia tidak melayani.")
    yield switched(device, "busy", f"Pencetak {what} menjawab bahwa ia sibuk.", (Phase.BEFORE,))
    yield Fault(
        device,
        "not_accepting",
        f"Pencetak {what} tidak menerima pekerjaan.",
        act(device, "accepting", on=False),
        (act(device, "accepting", on=True),),
        (Phase.BEFORE,),
    )
    yield Fault(
        device,
        "cut_in_transfer",
        f"Sambungan putus di tengah kiriman dokumen ke pencetak {what}.",
        act(device, "drop_after", n=2000, times=1),
    )
    for operation in ("create-job", "send-document"):
        yield Fault(
            device,
            f"{operation.replace('-', '_')}_unanswered",
            f"Jawaban pencetak {what} atas {operation} hilang di jalan.",
            act(device, "lose_reply", operation=operation, times=1),
        )
    yield Fault(
        device,
        "aborts_job",
        f"Pencetak {what} membatalkan pekerjaan.",
        act(device, "abort_jobs"),
        (),
        (Phase.BEFORE, Phase.TRANSFER, Phase.PRINTING),
    )
    yield Fault(
        device,
        "queue_stopped",
        f"Antrean cetak {what} berhenti.",
        act("machine", "stop_queue", name=queue),
        (act("machine", "resume_queue", name=queue),),
        (Phase.BEFORE,),
    )
    yield frozen(device, f"Pencetak {what} membeku.", phases=ANY_PHASE)


PAPER = (
    condition("paper", "media_empty", "Kertas A4 habis.", WORKING, act("paper", "refill", n=100)),
    condition("paper", "media_low", "Kertas A4 hampir habis."),
    condition("paper", "toner_empty", "Toner habis."),
    condition("paper", "toner_low", "Toner hampir habis."),
    condition("paper", "output_full", "Laci keluaran kertas penuh."),
    *_printer("paper"),
)

CARD = (
    condition("card", "media_empty", "Kartu kosong habis.", WORKING, act("card", "refill", n=50)),
    condition("card", "media_low", "Kartu kosong hampir habis."),
    condition("card", "ribbon_empty", "Pita warna kartu habis."),
    condition("card", "ribbon_low", "Pita warna kartu hampir habis."),
    condition("card", "film_empty", "Film laminasi kartu habis."),
    condition("card", "film_low", "Film laminasi kartu hampir habis."),
    condition("card", "supply_fault", "Pita atau film robek atau tidak cocok."),
    condition("card", "reject_bin_full", "Kotak kartu gagal penuh.", (*WORKING, Phase.EXIT)),
    condition("card", "cooling", "Pencetak kartu terlalu panas dan sedang mendingin."),
    condition("card", "head_temperature", "Suhu kepala cetak di luar batas."),
    condition("card", "cleaning_due", "Pencetak kartu minta dibersihkan."),
    *_printer("card"),
)
