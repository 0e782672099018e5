"""The settings file of a kiosk that stands in a simulated world.

Made from ``config/kiosk.toml``'s keys; the catalogue and the card layouts are the installed ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardware_sim.world import World

CONFIG = Path(__file__).resolve().parent.parent / "config"


def write_settings(path: Path, world: World) -> None:
    """Write the settings of a kiosk in that world."""
    path.write_text("\n".join(_lines(_tables(world))), encoding="utf-8")


def _tables(world: World) -> dict[str, dict[str, Any]]:
    where, options = world.where, world.options
    serial, dinas = where["serial"], where["dinas"]
    return {
        "site": {
            "name": "Mall Pelayanan Publik Tuban",
            "address": "Jl. Dr. Wahidin Sudirohusodo, Tuban",
            "help": "Petugas ada di loket 1, sebelah kiri pintu masuk.",
        },
        "paths": {"state": str(world.folder / "state"), "runtime": str(world.folder / "run")},
        "dinas": {key: dinas[key] for key in ("url", "ca", "certificate", "key")},
        "trust": {"document_roots": [dinas["document_root"]], "card_roots": [dinas["card_root"]]},
        "documents": {"catalogue": str(CONFIG / "documents.toml"), "card_layouts": str(CONFIG / "card_layouts")},
        "spooler": {"server": where["cups"]["server"], "claims": where["cups"]["claims"]},
        "paper_printer": {"queue": "adm-a4", "device": where["paper"]["uri"], "seconds_per_document": 60},
        "card_printer": {"queue": "adm-card", "device": where["card"]["uri"], "seconds_per_document": 120},
        "receipt_printer": {"port": serial["receipt"]["port"]},
        "card_reader": {"reader": where["cards"]["readers"]["encoder"]},
        "qr_scanner": {"port": serial["scanner"]["port"]},
        "screen": {
            "width": options.screen[0],
            "height": options.screen[1],
            "fullscreen": options.fullscreen,
            "tree_socket": str(world.tree_socket),
        },
        "visit": {
            "take_card_s": float(options.take_card_s),
            "take_paper_s": float(options.take_paper_s),
            "thanks_s": float(options.thanks_s),
        },
    }


def _lines(tables: dict[str, dict[str, Any]]) -> list[str]:
    lines = ["# Written by the simulator."]
    for name, table in tables.items():
        lines.append(f"\n[{name}]")
        # A string, a list of strings, a number or a truth value is written the same in JSON and in TOML.
        lines.extend(f"{key} = {json.dumps(value)}" for key, value in table.items())
    return lines
