"""A story while it is played: its stage, its people, and the books of before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardware_sim.around import Applicant, Clerk, Phone
from hardware_sim.control import Hand
from hardware_sim.dinas.seed import askings
from hardware_sim.faults.injector import Injector
from hardware_sim.person import Person
from hardware_sim.scenarios.books import Books
from hardware_sim.scenarios.people import Part
from hardware_sim.stage import Stage


@dataclass(frozen=True)
class Actor:
    """Somebody of the story, and the documents of their permits in the order of ``applicant.permit_ids``."""

    applicant: Applicant
    documents: tuple[str, ...]


class Performance:
    """One story on one stage. The kiosk must be at its home page when it begins."""

    def __init__(self, stage: Stage, parts: dict[str, Part]) -> None:
        self.stage = stage
        self.books = Books(stage)
        self.injector = Injector(stage.world.where)
        self._parts = parts
        self._cast: dict[str, Actor] = {}
        for name, part in parts.items():
            if part.permits:
                self._cast[name] = Actor(stage.prepare(*part.permits), tuple(part.permits))

    @property
    def person(self) -> Person:
        return self.stage.person

    def hand(self, device: str) -> Hand:
        return self.stage.world.hand(device)

    def actor(self, who: str) -> Actor:
        """The person of that name; the first one for "". LookupError for one whose PIN has not come yet."""
        name = who or next(iter(self._parts))
        if name not in self._cast:
            raise LookupError(f"{name} has no PIN yet: a clerk has to approve first")
        return self._cast[name]

    def approve(self, who: str) -> None:
        """The clerk verifies what waits of a seeded person, at the desk; the PIN comes to their phone."""
        name = who or next(iter(self._parts))
        asking = next(a for a in askings() if a.person.name == self._parts[name].seeded)
        pages = self.stage.world.where["dinas"]["pages"]
        before = self._permits()
        number = Clerk(pages).approve_all_of(asking.person.nik)
        pin = Phone(pages, number).pin()
        new = {permit_id: permit for permit_id, permit in self._permits().items() if permit_id not in before}
        applicant = Applicant(asking.person.nik, pin, "", number, list(new))
        self._cast[name] = Actor(applicant, tuple(permit["document"] for permit in new.values()))

    def replace_pin(self, who: str) -> None:
        """The newest PIN on the phone is theirs from now on."""
        name = who or next(iter(self._parts))
        old = self.actor(name)
        pin = Phone(self.stage.world.where["dinas"]["pages"], old.applicant.phone).pin()
        changed = Applicant(old.applicant.nik, pin, old.applicant.handle, old.applicant.phone, old.applicant.permit_ids)
        self._cast[name] = Actor(changed, old.documents)

    def permit_id(self, who: str, document: str) -> str:
        """The first permit of that person for that document."""
        actor = self.actor(who)
        return actor.applicant.permit_ids[actor.documents.index(document)]

    def permit_states(self) -> dict[str, list[str]]:
        """How the Dinas has the permits of this story's people, by document."""
        permits = self._permits()
        found: dict[str, list[str]] = {}
        for actor in self._cast.values():
            for permit_id, document in zip(actor.applicant.permit_ids, actor.documents, strict=True):
                found.setdefault(document, []).append(permits[permit_id]["state"])
        return found

    def secrets(self) -> tuple[set[str], set[str]]:
        """What no file may keep: words (NIKs and names), and PINs."""
        words, pins = {"PEMOHON UJI"}, set()
        for actor in self._cast.values():
            words.add(actor.applicant.nik)
            pins.add(actor.applicant.pin)
        for asking in askings():
            if any(part.seeded == asking.person.name for part in self._parts.values()):
                words |= {person.name for person in (asking.person, *asking.household.members)}
        return words, pins

    def _permits(self) -> dict[str, Any]:
        permits: dict[str, Any] = self.hand("dinas").state()["permits"]
        return permits
