"""The panel of one world, on loopback: buttons that do acts on the simulated devices, and pictures of what came out."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import uvicorn
from fastapi import FastAPI, Form, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

if TYPE_CHECKING:
    from hardware_sim.world import World


@dataclass(frozen=True)
class Button:
    """One act on one device."""

    device: str
    act: str
    label: str
    arguments: dict[str, Any]


BUTTONS: dict[str, tuple[Button, ...]] = {
    "Tangan pemohon": (
        Button("card", "take_card", "Ambil kartu dari celah", {}),
        Button("paper", "take_paper", "Ambil kertas dari laci", {}),
    ),
    "Pencetak kertas": (
        Button("paper", "condition", "Kertas habis", {"name": "media_empty", "on": True}),
        Button("paper", "refill", "Isi 100 lembar", {"n": 100}),
        Button("paper", "condition", "Kertas tersangkut", {"name": "media_jam", "on": True}),
        Button("paper", "repair", "Bereskan", {}),
    ),
    "Pencetak kartu": (
        Button("card", "condition", "Kartu kosong habis", {"name": "media_empty", "on": True}),
        Button("card", "refill", "Isi 50 kartu", {"n": 50}),
        Button("card", "condition", "Kartu tersangkut", {"name": "media_jam", "on": True}),
        Button("card", "repair", "Bereskan", {}),
    ),
    "Dinas": (
        Button("dinas", "away", "Putuskan sambungan", {"mode": "refuse"}),
        Button("dinas", "back", "Sambungkan lagi", {}),
    ),
}
PICTURES = {"kertas": "Lembar terakhir", "kartu": "Kartu terakhir", "struk": "Struk terakhir"}

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(["html"]))


class Panel:
    """Runs in a thread of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), log_level="warning", access_log=False, lifespan="off")
        )
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(
            target=lambda: self._server.run(sockets=[self._socket]), name="panel", daemon=True
        )
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    def _app(self) -> FastAPI:
        app = FastAPI(title="Panel (simulator)", openapi_url=None)
        app.add_api_route("/", self._page, methods=["GET"], response_class=HTMLResponse)
        app.add_api_route("/lakukan", self._do, methods=["POST"], response_class=Response)
        app.add_api_route("/pindai", self._scan, methods=["POST"], response_class=Response)
        app.add_api_route("/gambar/{name}.png", self._picture, methods=["GET"], response_class=Response)
        return app

    def _page(self) -> HTMLResponse:
        states = {device: self._world.hand(device).state() for device in ("paper", "card")}
        there = {name: words for name, words in PICTURES.items() if self._newest(name) is not None}
        page = _pages.get_template("panel.html")
        dinas = self._world.where["dinas"].get("pages", "")
        return HTMLResponse(page.render(groups=BUTTONS, states=states, pictures=there, dinas=dinas))

    def _do(self, group: Annotated[str, Form()], number: Annotated[int, Form()]) -> Response:
        try:
            button = BUTTONS[group][number]
        except (KeyError, IndexError):
            raise HTTPException(404, "tidak ada tombol itu") from None
        try:
            self._world.hand(button.device).do(button.act, **button.arguments)
        except ValueError as error:
            raise HTTPException(409, str(error)) from error
        return RedirectResponse("/", 303)

    def _scan(self, text: Annotated[str, Form(max_length=200)]) -> Response:
        self._world.hand("scanner").do("scan", text=text)
        return RedirectResponse("/", 303)

    def _picture(self, name: str) -> Response:
        newest = self._newest(name)
        if newest is None:
            raise HTTPException(404, "belum ada")
        return FileResponse(newest, headers={"Cache-Control": "no-store"})

    def _newest(self, name: str) -> Path | None:
        where = self._world.where
        folders = {
            "kertas": where["paper"]["folder"],
            "kartu": where["card"]["folder"],
            "struk": where["receipt"]["receipts"],
        }
        if name not in folders:
            return None
        found = sorted(Path(folders[name]).rglob("*.png"), key=lambda file: file.stat().st_mtime)
        return found[-1] if found else None
