"""What the person before the kiosk sees and does. Words are those on the screen."""

from __future__ import annotations

import re
import time

from hardware_sim import visits
from hardware_sim.person import LOOK_AGAIN_S, Item, NotSeenError, Tree, describe
from hardware_sim.scenarios.performance import Performance
from hardware_sim.scenarios.step import WITHIN_S, Step, one_of, wait_until

DARK = "dark"  # no page at all: the screen is off
TYPED = ("nik", "pin", "wrong-pin")
WAYS = ("nik", "scan")
MEDIA = ("paper", "card")


class See(Step, frozen=True, kw_only=True):
    """Wait for a page, or for the dark screen of a machine without power."""

    see: str
    within: float = WITHIN_S

    def __post_init__(self) -> None:
        one_of(self.see, (*visits.VIEWS, DARK), "page")

    def play(self, performance: Performance) -> None:
        person = performance.person
        if self.see == DARK:
            wait_until(lambda: person.look() is None, lambda: describe(person.look()), self.within)
        else:
            person.see(self.see, self.within)


class Read(Step, frozen=True, kw_only=True):
    """Wait until that page says this somewhere."""

    read: str
    on: str
    within: float = WITHIN_S

    def __post_init__(self) -> None:
        one_of(self.on, visits.VIEWS, "page")

    def play(self, performance: Performance) -> None:
        performance.person.read(self.on, self.read, self.within)


class Gone(Step, frozen=True, kw_only=True):
    """Wait until that page is there and says this nowhere."""

    gone: str
    on: str
    within: float = WITHIN_S

    def __post_init__(self) -> None:
        one_of(self.on, visits.VIEWS, "page")

    def play(self, performance: Performance) -> None:
        performance.person.see(self.on, self.within, lambda tree: not _says(tree, self.gone))


class Closed(Step, frozen=True, kw_only=True):
    """On the list of documents, wait until nothing of that title can be ticked."""

    closed: str

    def play(self, performance: Performance) -> None:
        performance.person.see(visits.DOCUMENTS, where=lambda tree: not _open_boxes(tree, self.closed))


class Tap(Step, frozen=True, kw_only=True):
    """Touch the thing of that label."""

    tap: str

    def play(self, performance: Performance) -> None:
        performance.person.tap(self.tap)


class Type(Step, frozen=True, kw_only=True):
    """Type the person's nik, pin, a wrong-pin, or some digits."""

    type: str
    who: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]+", self.type):
            one_of(self.type, TYPED, "digits to type, or")

    def play(self, performance: Performance) -> None:
        if self.type not in TYPED:
            performance.person.type(self.type)
            return
        applicant = performance.actor(self.who).applicant
        wrong = applicant.pin[:-1] + str((int(applicant.pin[-1]) + 1) % 10)
        performance.person.type({"nik": applicant.nik, "pin": applicant.pin, "wrong-pin": wrong}[self.type])


class Scan(Step, frozen=True, kw_only=True):
    """Hold the QR of that person's message before the scanner ("" is the first one's)."""

    scan: str

    def play(self, performance: Performance) -> None:
        visits.scan(performance.hand("scanner"), performance.actor(self.scan).applicant)


class LogIn(Step, frozen=True, kw_only=True):
    """From home to the list of documents: by typing the nik, or by a scan."""

    log_in: str
    who: str = ""

    def __post_init__(self) -> None:
        one_of(self.log_in, WAYS, "way to log in")

    def play(self, performance: Performance) -> None:
        applicant, person = performance.actor(self.who).applicant, performance.person
        person.see(visits.HOME)
        if self.log_in == "nik":
            visits.log_in(person, applicant.nik, applicant.pin)
        else:
            visits.log_in_by_scan(person, performance.hand("scanner"), applicant)


class Choose(Step, frozen=True, kw_only=True):
    """Tick these titles on the list and confirm: the machine works. A title that is there twice may stand twice."""

    choose: list[str]

    def play(self, performance: Performance) -> None:
        visits.choose_and_confirm(performance.person, *self.choose)


class Take(Step, frozen=True, kw_only=True):
    """Wait for the paper, take it from the tray and say so; or for the card, and pull it out of the slot."""

    take: str
    picture: str = ""

    def __post_init__(self) -> None:
        one_of(self.take, MEDIA, "medium")

    def play(self, performance: Performance) -> None:
        name = self.picture or f"ambil-{self.take}"
        if self.take == "paper":
            visits.take_paper(performance.person, name)
            performance.hand("paper").do("take_paper")
        else:
            visits.take_card(performance.person, performance.hand("card"), name)


class TakeAll(Step, frozen=True, kw_only=True):
    """Take so many documents as they come out, in the order of the list, whichever it is."""

    take_all: int

    def __post_init__(self) -> None:
        if self.take_all < 1:
            raise ValueError("take_all is 1 or more")

    def play(self, performance: Performance) -> None:
        page = -1
        for number in range(1, self.take_all + 1):
            tree = self._wait_for_next(performance, number, page)
            page, paper = tree["page"], visits.says_taken(tree)
            Take(take="paper" if paper else "card").play(performance)
            performance.stage.say("Kertas diambil dari laci" if paper else "Kartu diambil dari celah")

    def _wait_for_next(self, performance: Performance, number: int, page: int) -> Tree:
        """The page on which to take it; its making is seen on the way, unless that was faster than a look."""
        deadline = time.monotonic() + visits.MADE_WITHIN_S
        said = False
        while True:
            tree = performance.person.look()
            if tree is not None and tree["page"] > page:
                if tree["view"] == visits.TAKE:
                    return tree
                if tree["view"] == visits.PRINTING and not said:
                    said = True
                    performance.stage.say(f"Dokumen ke-{number} sedang dibuat")
                    performance.person.picture(f"mencetak-{number}")
            if time.monotonic() > deadline:
                raise NotSeenError(f"document {number} did not come out; on the screen: {describe(tree)}")
            time.sleep(LOOK_AGAIN_S)


class Leave(Step, frozen=True, kw_only=True):
    """From the last page back to home."""

    leave: bool

    def play(self, performance: Performance) -> None:
        visits.leave(performance.person)


class GoHome(Step, frozen=True, kw_only=True):
    """Whatever the page, by the buttons that a person has there."""

    go_home: bool

    def play(self, performance: Performance) -> None:
        visits.go_home(performance.person)


class Picture(Step, frozen=True, kw_only=True):
    """Keep a picture of the screen under that name."""

    picture: str

    def play(self, performance: Performance) -> None:
        performance.person.picture(self.picture)


class Wait(Step, frozen=True, kw_only=True):
    """Do nothing for so many seconds. ``because`` tells the reader what cannot be seen that would end the wait."""

    wait: float
    because: str

    def play(self, performance: Performance) -> None:
        time.sleep(max(LOOK_AGAIN_S, self.wait))


def _says(tree: Tree, text: str) -> bool:
    return any(text in item["label"] for item in tree["items"])


def _open_boxes(tree: Tree, title: str) -> list[Item]:
    return [i for i in tree["items"] if i["role"] == "checkbox" and i["enabled"] and i["label"].startswith(title)]
