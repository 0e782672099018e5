"""What a person does at the kiosk, in steps that scenarios are made of. Labels are those of the screen's texts."""

from __future__ import annotations

from hardware_sim.control import Hand
from hardware_sim.person import NotSeenError, Person

HOME, NIK, PIN, DOCUMENTS, CONFIRM = "home", "nik", "pin", "documents", "confirm"
PRINTING, TAKE, THANKS, NOTICE, OUT = "printing", "take", "thanks", "notice", "out_of_service"

MADE_WITHIN_S = 60.0


def type_nik(person: Person, nik: str) -> None:
    """From home to the PIN page."""
    person.see(HOME)
    person.tap("Ketik NIK dan PIN")
    person.see(NIK)
    person.picture("nik-kosong")
    person.type(nik)
    person.picture("nik")
    person.tap("Lanjut")
    person.see(PIN)


def type_pin(person: Person, pin: str) -> None:
    """On the PIN page."""
    person.see(PIN)
    person.type(pin)
    person.picture("pin")
    person.tap("Lanjut")


def log_in(person: Person, nik: str, pin: str) -> None:
    """From home to the list of documents."""
    type_nik(person, nik)
    type_pin(person, pin)
    person.see(DOCUMENTS)


def choose_and_confirm(person: Person, *titles: str) -> None:
    """From the list of documents until the machine works."""
    person.picture("dokumen")
    for title in titles:
        person.tap(title)
    person.picture("dokumen-dipilih")
    person.tap(f"Cetak {len(titles)} dokumen")
    person.see(CONFIRM)
    person.picture("konfirmasi")
    person.tap("Cetak sekarang")


def take_paper(person: Person, name: str) -> None:
    """Wait for the paper and say that it was taken."""
    person.see(TAKE, MADE_WITHIN_S, lambda tree: any(i["label"] == "Sudah saya ambil" for i in tree["items"]))
    person.picture(name)
    person.tap("Sudah saya ambil")


def take_card(person: Person, card_printer: Hand, name: str) -> None:
    """Wait for the card in the slot and pull it out."""
    person.see(TAKE, MADE_WITHIN_S, lambda tree: all(i["label"] != "Sudah saya ambil" for i in tree["items"]))
    person.picture(name)
    card_printer.do("take_card")


def wait_until_printing(person: Person, name: str, title: str) -> None:
    """See the page of the machine at work on that document, once it really prints."""
    person.see(PRINTING, MADE_WITHIN_S, lambda tree: any(title in i["label"] for i in tree["items"]))
    if (tree := person.look()) and tree["view"] == PRINTING:
        person.picture(name)


def leave(person: Person) -> None:
    """From the last page back to home."""
    person.see(THANKS, MADE_WITHIN_S)
    person.tap("Sudah, terima kasih")
    person.see(HOME)


__all__ = [
    "CONFIRM",
    "DOCUMENTS",
    "HOME",
    "NIK",
    "NOTICE",
    "OUT",
    "PIN",
    "PRINTING",
    "TAKE",
    "THANKS",
    "NotSeenError",
    "choose_and_confirm",
    "leave",
    "log_in",
    "take_card",
    "take_paper",
    "type_nik",
    "type_pin",
    "wait_until_printing",
]
