"""The settings file of a kiosk that stands in a simulated world.

Made from ``config/kiosk.toml``'s keys; the catalogue and the card layouts are the installed ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).resolve().parent.parent / "config"


Tables = dict[str, dict[str, Any]]


def write_settings(path: Path, where: dict[str, Any], own: Tables) -> None:
    """Write the settings of a kiosk in the world that ``where`` describes; ``own`` has tables and keys of its own."""
    tables = _tables(path.parent, where)
    merged = {name: {**tables.get(name, {}), **own.get(name, {})} for name in {**tables, **own}}
    path.write_text("\n".join(_lines(merged)), encoding="utf-8")


def _tables(folder: Path, where: dict[str, Any]) -> Tables:
    dinas = where["dinas"]
    tables = {"cabinet": "cabinet", "ups": "ups", "dispenser": "card_dispenser"}
    own: Tables = {table: where[device][table] for device, table in tables.items() if device in where}
    return {
        "site": {
            "name": "Mall Pelayanan Publik Tuban",
            "address": "Jl. Dr. Wahidin Sudirohusodo, Tuban",
            "help": "Petugas ada di loket 1, sebelah kiri pintu masuk.",
        },
        "paths": {"state": str(folder / "state"), "runtime": str(folder / "run")},
        "dinas": {key: dinas[key] for key in ("url", "ca", "certificate", "key")},
        "trust": {"document_roots": [dinas["document_root"]], "card_roots": [dinas["card_root"]]},
        "documents": {"catalogue": str(CONFIG / "documents.toml"), "card_layouts": str(CONFIG / "card_layouts")},
        "spooler": {"server": where["cups"]["server"], "claims": where["cups"]["claims"]},
        "paper_printer": {"queue": "adm-a4", "device": where["paper"]["uri"], "seconds_per_document": 60},
        "card_printer": {"queue": "adm-card", "device": where["card"]["uri"], "seconds_per_document": 120},
        "receipt_printer": {"port": where["receipt"]["port"]},
        "card_reader": {"reader": where["cards"]["readers"]["encoder"]},
        "qr_scanner": {"port": where["scanner"]["port"]},
        **own,
    }


def _lines(tables: Tables) -> list[str]:
    lines = ["# Written by the simulator."]
    for name, table in tables.items():
        lines.append(f"\n[{name}]")
        # A string, a list of strings, a number or a truth value is written the same in JSON and in TOML.
        lines.extend(f"{key} = {json.dumps(value)}" for key, value in table.items())
    return lines
