"""What a person does at the kiosk, in steps that scenarios are made of. Labels are those of the screen's texts."""

from __future__ import annotations

import time

from hardware_sim.around import Applicant
from hardware_sim.control import Hand
from hardware_sim.person import LOOK_AGAIN_S, Item, NotSeenError, Person, Tree, describe

HOME, SCAN, NIK, PIN, DOCUMENTS, CONFIRM = "home", "scan", "nik", "pin", "documents", "confirm"
PRINTING, TAKE, THANKS, NOTICE, OUT = "printing", "take", "thanks", "notice", "out_of_service"
LOST = "lost"  # the screen's own page while no engine answers
VIEWS = (HOME, "how_to", "help", SCAN, NIK, PIN, DOCUMENTS, CONFIRM, PRINTING, TAKE, NOTICE, THANKS, OUT, LOST)

MADE_WITHIN_S = 60.0
SAYS_TAKEN = "Sudah saya ambil"

_WAYS_HOME = {
    "nik": ("Kembali",),
    "pin": ("Kembali",),
    "scan": ("Kembali",),
    "help": ("Kembali",),
    "how_to": ("Kembali",),
    "documents": ("Selesai",),
    "confirm": ("Selesai", "Kembali"),
    "notice": ("Lanjutkan", "Kembali ke awal"),
    "take": (SAYS_TAKEN,),
    "thanks": ("Sudah, terima kasih",),
}


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


def scan(scanner: Hand, applicant: Applicant) -> None:
    """Hold the QR of the message before the scanner."""
    scanner.do("scan", text=f"ADM1:{applicant.handle}")


def log_in_by_scan(person: Person, scanner: Hand, applicant: Applicant) -> None:
    """From home (or any page before the PIN) to the documents, by QR: seven taps in place of two dozen."""
    scan(scanner, applicant)
    type_pin(person, applicant.pin)
    person.see(DOCUMENTS)


def choose_and_confirm(person: Person, *titles: str) -> None:
    """From the list of documents until the machine works. A title that stands there twice may be named twice."""
    person.picture("dokumen")
    for title in titles:
        _tick(person, title)
    person.picture("dokumen-dipilih")
    person.tap(f"Cetak {len(titles)} dokumen")
    person.see(CONFIRM)
    person.picture("konfirmasi")
    person.tap("Cetak sekarang")


def _tick(person: Person, title: str) -> None:
    """One document of that title; what is ticked already stays so."""
    box, left = None, 0
    while True:
        boxes = _unticked(person.see(DOCUMENTS, where=lambda tree: bool(_unticked(tree, title))), title)
        # A page that has just come is laid out over the next frames; a finger waits until it stands.
        if box is not None and box["bounds"] == boxes[0]["bounds"]:
            break
        box, left = boxes[0], len(boxes) - 1
        time.sleep(LOOK_AGAIN_S)
    person.touch(box)
    person.see(DOCUMENTS, where=lambda tree: len(_unticked(tree, title)) == left)


def _unticked(tree: Tree, title: str) -> list[Item]:
    boxes = [i for i in tree["items"] if i["role"] == "checkbox" and i["enabled"] and i["label"].startswith(title)]
    return [box for box in boxes if not box["checked"]]


def says_taken(tree: Tree) -> bool:
    """Whether the page asks for the person's word: it does for paper, and feels a card itself."""
    return any(item["label"] == SAYS_TAKEN for item in tree["items"])


def take_paper(person: Person, name: str) -> None:
    """Wait for the paper and say that it was taken."""
    person.see(TAKE, MADE_WITHIN_S, says_taken)
    person.picture(name)
    person.tap(SAYS_TAKEN)


def take_card(person: Person, card_printer: Hand, name: str) -> None:
    """Wait for the card in the slot and pull it out."""
    person.see(TAKE, MADE_WITHIN_S, lambda tree: not says_taken(tree))
    person.picture(name)
    card_printer.do("take_card")


def leave(person: Person) -> None:
    """From the last page back to home."""
    person.see(THANKS, MADE_WITHIN_S)
    person.tap("Sudah, terima kasih")
    person.see(HOME)


def go_home(person: Person, within: float = 90.0) -> None:
    """Whatever the page, by the buttons that a person has there."""
    deadline = time.monotonic() + within
    while (tree := person.look()) is None or tree["view"] != HOME:
        if time.monotonic() > deadline:
            raise NotSeenError(f"no way home: {describe(tree)}")
        labels = {i["label"] for i in tree["items"] if i["role"] == "button" and i["enabled"]} if tree else set()
        way = next((way for way in _WAYS_HOME.get(tree["view"], ()) if way in labels), None) if tree else None
        if way:
            person.tap(way)
        time.sleep(LOOK_AGAIN_S)


__all__ = [
    "CONFIRM",
    "DOCUMENTS",
    "HOME",
    "LOST",
    "NIK",
    "NOTICE",
    "OUT",
    "PIN",
    "PRINTING",
    "SCAN",
    "TAKE",
    "THANKS",
    "VIEWS",
    "NotSeenError",
    "choose_and_confirm",
    "go_home",
    "leave",
    "log_in",
    "log_in_by_scan",
    "says_taken",
    "scan",
    "take_card",
    "take_paper",
    "type_nik",
    "type_pin",
]
