"""No A4 paper, told before anyone types."""

from __future__ import annotations

from hardware_sim import visits
from hardware_sim.stage import Stage


def play(stage: Stage) -> None:
    """The A4 printer runs out of paper: the home screen says so before login, cards go on; refilled, it says ready."""
    person, printer = stage.person, stage.world.hand("paper")
    person.see(visits.HOME, within=60)

    stage.say("Kertas A4 habis")
    printer.do("condition", name="media_empty", on=True)
    person.read(visits.HOME, "Kertas habis.", within=20)
    person.picture("kertas-habis")
    tree = person.look() or {"items": []}
    text = " ".join(item["label"] for item in tree["items"])
    assert "KTP-el" in text, text  # noqa: S101  # a story's own check

    stage.say("Petugas mengisi kertas")
    printer.do("refill", n=100)
    person.see(visits.HOME, 20, lambda tree: not any("Kertas habis" in item["label"] for item in tree["items"]))
    stage.say("Beranda menunjukkan kertas siap lagi")
