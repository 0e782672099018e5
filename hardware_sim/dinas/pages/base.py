"""What all pages share: what they show and act on, templates, headers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import Engine

from hardware_sim.dinas.office import Office
from hardware_sim.dinas.pages import words
from hardware_sim.dinas.whatsapp import Graph, Records, Sender

HERE = Path(__file__).parent
HEADERS = {
    # The panel of the machine, on another port of this host, shows the phones in a frame.
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors http://127.0.0.1:*",
    "Cache-Control": "no-store",  # personal data, and states that change
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True)
class Desk:
    """What the pages show and act on."""

    engine: Engine
    office: Office
    records: Records
    sender: Sender
    graph: Graph


class Pages:
    """Renders templates."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
        )
        self._environment.filters.update(words.FILTERS)

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page as an answer."""
        html = self._environment.get_template(template).render(**values)
        return HTMLResponse(html, status_code=status, headers=HEADERS)
