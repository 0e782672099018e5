"""What a test sees of a stage: applicants, the person's way, and the books of kiosk, printers and Dinas."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hardware_sim import visits
from hardware_sim.around import Applicant
from hardware_sim.person import Tree, describe
from hardware_sim.stage import Stage
from kiosk.protocol import NoticeKind
from kiosk.screen.words import t

KK, KTP, KIA = "Kartu Keluarga", "KTP-el", "KIA"
WITHIN_S = 30.0
LOOK_AGAIN_S = 0.1


class Scene:
    """A stage as it was when the test began, and how it is now."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.person = stage.person
        hands = {name: stage.world.hand(name) for name in ("paper", "card", "cards", "receipt", "scanner", "dinas")}
        self.paper, self.card, self.receipt, self.scanner, self.dinas = (
            hands[n] for n in ("paper", "card", "receipt", "scanner", "dinas")
        )
        self.person.see(visits.HOME, within=60)
        self._seen = stage.kiosk.last_entry()
        self._printed = {name: hands[name].state()["printed"] for name in ("paper", "card")}
        self._hands = hands

    # -- people

    def prepare(self, document: str = "kk", count: int = 1) -> Applicant:
        """A new applicant, known to the Dinas."""
        return self.stage.prepare(*(document,) * count)

    def scan(self, applicant: Applicant) -> None:
        """Hold the QR of the message before the scanner."""
        visits.scan(self.scanner, applicant)

    def log_in(self, applicant: Applicant) -> None:
        """From home to the documents."""
        visits.log_in_by_scan(self.person, self.scanner, applicant)

    def choose(self, *titles: str) -> None:
        """From the documents to the machine at work."""
        visits.choose_and_confirm(self.person, *titles)

    def choose_all(self, title: str, count: int) -> None:
        """The same for so many documents of one title."""
        self.choose(*(title,) * count)

    # -- what is on the screen

    def read(self, view: str, key: str, within: float = WITHIN_S, **names: object) -> Tree:
        """Wait until that page says the text of this key of the catalogue."""
        return self.person.read(view, t(key, **names), within)

    def notice(self, kind: str, within: float = WITHIN_S) -> Tree:
        """Wait for the notice of that kind: its title, its one sentence, and at least one way on that is named."""
        self.read(visits.NOTICE, f"notice.title.{kind}", within)
        tree = self.read(visits.NOTICE, f"notice.what.{kind}", within)
        ways = [i["label"] for i in tree["items"] if i["role"] == "button" and i["enabled"]]
        assert ways, describe(tree)
        return tree

    def act(self, action: str) -> None:
        """Touch a button of a notice."""
        self.person.tap(t(f"notice.action.{action}"))

    def go_on_to_thanks(self, ended: str) -> None:
        """From a notice about a document to the last page, which says how it ended, and home."""
        self.act("continue")
        self.read(visits.THANKS, f"thanks.ended.{ended}")
        visits.leave(self.person)

    def follow_to_thanks(self) -> list[str]:
        """Take what comes out and go on after each notice, up to the last page; answers the kinds of the notices."""
        kinds = {t(f"notice.title.{kind}"): str(kind) for kind in NoticeKind}
        found: list[str] = []
        page = -1
        while True:
            tree = self._next_of({visits.NOTICE, visits.TAKE, visits.THANKS}, after=page)
            page = tree["page"]
            if tree["view"] == visits.THANKS:
                return found
            if tree["view"] == visits.NOTICE:
                found += [kinds[item["label"]] for item in tree["items"] if item["label"] in kinds]
            self.person.tap(t("take.taken" if tree["view"] == visits.TAKE else "notice.action.continue"))

    def _next_of(self, views: set[str], after: int) -> Tree:
        """Wait for one of those views on a page after that one."""

        def come() -> Tree | None:
            tree = self.person.look()
            return tree if tree and tree["view"] in views and tree["page"] > after else None

        tree: Tree = self.wait_until(come, lambda: describe(self.person.look()), visits.MADE_WITHIN_S)
        return tree

    # -- the books

    def audit(self) -> list[dict[str, Any]]:
        """The entries of the kiosk's audit log since the test began."""
        return self.stage.kiosk.audit(self._seen)

    def wait_for_audit(self, event: str, **wanted: object) -> dict[str, Any]:
        """Wait for an entry of that type with those fields."""

        def found() -> dict[str, Any] | None:
            fits = (e for e in self.audit() if e["event"] == event and all(e.get(k) == v for k, v in wanted.items()))
            return next(fits, None)

        return self.wait_until(found, lambda: f"no {event} {wanted} in {self.audit()}")

    def sheets(self, printer: str = "paper") -> int:
        """How many sheets or cards came out since the test began, by the machine's own counter."""
        printed: int = self._hands[printer].state()["printed"]
        return printed - self._printed[printer]

    def permit(self, applicant: Applicant) -> dict[str, Any]:
        """The first permit of the applicant, as the Dinas has it."""
        permit: dict[str, Any] = self.dinas.state()["permits"][applicant.permit_ids[0]]
        return permit

    def wait_for_permit(self, applicant: Applicant, state: str) -> dict[str, Any]:
        """Wait until the Dinas has it in that state, with no attempt open: the outbox was there."""

        def settled() -> dict[str, Any] | None:
            permit = self.permit(applicant)
            done = permit["state"] == state and all(attempt["outcome"] for attempt in permit["attempts"])
            return permit if done else None

        return self.wait_until(settled, lambda: f"not {state}: {self.permit(applicant)}")

    def wait_until(
        self, true: Callable[[], Any], complaint: Callable[[], str], within: float = WITHIN_S
    ) -> Any:  # whatever the condition gives
        """Wait until the condition gives something, and give it."""
        deadline = time.monotonic() + within
        while not (found := true()):
            assert time.monotonic() < deadline, complaint()
            time.sleep(LOOK_AGAIN_S)
        return found

    def restart_engine(self) -> None:
        """As the service manager does after a new start was asked for; returns when somebody can be served."""
        kiosk = self.stage.kiosk
        if kiosk.engine:
            kiosk.engine.stop()
        self.start_engine()

    def start_engine(self) -> None:
        """Start it, and wait until somebody can be served; one that ends instead is told with its log."""
        self.stage.kiosk.start_engine()
        engine = self.stage.kiosk.engine
        assert engine is not None

        def at_home() -> bool:
            tree = self.person.look()
            return tree is not None and tree["view"] == visits.HOME

        engine.wait_until(at_home, 60, "nobody can be served")

    # -- leaving it as it was

    def restore(self) -> None:
        """As before the test; signers are believed again."""
        for signer in ("document", "card"):
            self.dinas.do("unrevoke", signer=signer)
        self.stage.restore()

    def go_home(self) -> None:
        """Whatever the page."""
        visits.go_home(self.person)
