"""``python -m hardware_sim.tap``: the same as ``adm-sim tap``, without the rest of the world."""

from __future__ import annotations

from hardware_sim.tap.command import tap

if __name__ == "__main__":
    tap()
