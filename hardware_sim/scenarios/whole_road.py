"""The whole road once."""

from __future__ import annotations

from hardware_sim import visits
from hardware_sim.around import Clerk, Phone
from hardware_sim.stage import Stage

KK, KTP = "Kartu Keluarga", "KTP-el"


def play(stage: Stage) -> None:
    """From the verified application to paper and card in the hand; the same PIN then prints nothing more."""
    dinas, person = stage.world.where["dinas"], stage.person
    nik = dinas["demo_nik"]
    person.see(visits.HOME, within=60)
    person.picture("beranda")

    stage.say("Petugas Dinas menyetujui permohonan di mejanya")
    number = Clerk(dinas["pages"]).approve_all_of(nik)
    pin = Phone(dinas["pages"], number).pin()
    stage.say("PIN sudah masuk ke WhatsApp pemohon")

    visits.log_in(person, nik, pin)
    stage.say("NIK dan PIN diterima, dokumen pemohon tampil")
    visits.choose_and_confirm(person, KK, KTP)
    stage.say("KK dan KTP-el dipilih dan dikonfirmasi")
    _print_both(stage)

    person.read(visits.THANKS, "struk")
    person.read(visits.THANKS, "Jangan lupa ambil struk Anda.", within=30)
    person.picture("terima-kasih")
    stage.say("Struk keluar; kunjungan selesai")
    visits.leave(person)

    visits.log_in(person, nik, pin)
    tree = person.read(visits.DOCUMENTS, "Sudah dicetak")
    person.picture("sudah-dicetak")
    ready = [i for i in tree["items"] if i["role"] == "checkbox" and i["enabled"] and i["label"].startswith((KK, KTP))]
    assert not ready, f"still to be chosen: {[i['label'] for i in ready]}"  # noqa: S101  # a story's own check
    stage.say("PIN yang sama menunjukkan keduanya sudah dicetak, dan tidak mencetak lagi")
    person.tap("Selesai")
    person.see(visits.HOME)


def _print_both(stage: Stage) -> None:
    """In the order of the list, whichever it is."""
    person = stage.person
    for number in ("satu", "dua"):
        person.see(visits.PRINTING, visits.MADE_WITHIN_S)
        stage.say(f"Dokumen {number} sedang dibuat")
        visits.wait_until_printing(person, f"mencetak-{number}", "Sedang mencetak")
        tree = person.see(visits.TAKE, visits.MADE_WITHIN_S)
        if any(i["label"] == "Sudah saya ambil" for i in tree["items"]):
            visits.take_paper(person, "ambil-kk")
            stage.say("KK diambil dari laci")
        else:
            visits.take_card(person, stage.world.hand("card"), "ambil-ktp")
            stage.say("KTP-el diambil dari celah")
        person.see_other_than(visits.TAKE)
