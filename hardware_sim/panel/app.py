"""The panel of one world, on loopback: shows the machine as it stands there, and does what a hand can do at it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import BaseModel
from starlette.staticfiles import StaticFiles

from hardware_sim import scenarios
from hardware_sim.control import Hand
from hardware_sim.faults.injector import Injector
from hardware_sim.faults.vocabulary import DEVICES, FAULTS
from hardware_sim.panel.acts import ACTS
from hardware_sim.panel.guard import Guard
from hardware_sim.panel.live_screen import NOVNC, LiveScreen
from hardware_sim.panel.state import Watch
from hardware_sim.processes import ProcessFailedError

HERE = Path(__file__).parent
FONTS = HERE.parents[1] / "kiosk" / "fonts"
FILES = {"panel.css": "text/css", "panel.js": "text/javascript"}
SILENT = "Perangkat tidak menjawab."
WITHIN_S = 5.0

_templates = Environment(
    loader=FileSystemLoader(HERE), autoescape=select_autoescape(["html", "svg"]), undefined=StrictUndefined
)


class Strike(BaseModel):
    """A fault: at once, or ``times`` times (None: each time) when ``of`` is ``at`` a phase."""

    name: str
    at: str | None = None
    of: str | None = None
    times: int | None = 1


class Mend(BaseModel):
    """A fault to mend; None is all of them."""

    name: str | None = None


class Panel:
    """Runs in a thread of its own. ``where`` is the content of the world's ``world.json``."""

    def __init__(self, where: Mapping[str, Any], screen: LiveScreen | None = None) -> None:
        self._where = where
        self._pages: str = where["dinas"].get("pages", "")
        self._injector = Injector(where)
        self._screen = screen or LiveScreen(None)
        self._watch = Watch(where)
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.url = f"http://127.0.0.1:{port}/"
        # A page that watches holds its stream open for ever: the server does not wait for it.
        settings = uvicorn.Config(
            self._app(), log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(
            target=lambda: self._server.run(sockets=[self._socket]), name="panel", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(WITHIN_S)
        self._socket.close()
        self._watch.close()
        self._screen.close()

    def _app(self) -> FastAPI:
        app = FastAPI(title="Panel (simulator)", openapi_url=None)
        app.add_middleware(Guard, hosts=self._hosts, frames=self._pages)
        app.add_api_route("/", self._page, methods=["GET"], response_class=HTMLResponse)
        app.add_api_route("/state", self._watch.reading, methods=["GET"])
        app.add_api_route("/events", self._events, methods=["GET"], response_class=Response)
        app.add_api_route("/codes", self._codes, methods=["GET"])
        app.add_api_route("/act/{name}", self._act, methods=["POST"], response_class=JSONResponse)
        app.add_api_route("/strike", self._strike, methods=["POST"], response_class=JSONResponse)
        app.add_api_route("/mend", self._mend, methods=["POST"], response_class=JSONResponse)
        app.add_api_route("/screen", self._live_screen, methods=["POST"])
        app.add_api_route("/out/{device}/{file}", self._picture, methods=["GET"], response_class=Response)
        app.add_api_route("/static/{name}", self._static, methods=["GET"], response_class=FileResponse)
        app.add_api_route("/fonts/{name}", self._font, methods=["GET"], response_class=FileResponse)
        if NOVNC.is_dir():
            app.mount("/novnc", StaticFiles(directory=NOVNC, follow_symlink=True))
        return app

    # -- what is to be seen

    def _page(self) -> HTMLResponse:
        here = {device: name for device, name in DEVICES.items() if device in self._injector.devices}
        faults = [
            {"name": f.full_name, "device": f.device, "sentence": f.sentence, "phases": f.phases, "mends": bool(f.mend)}
            for f in self._injector.faults
        ]
        page = _templates.get_template("panel.html").render(
            vocabulary={"devices": here, "faults": faults},
            devices=here,
            dinas=self._pages,
            missing=self._screen.missing(),
            stories={name: scenarios.load(name) for name in scenarios.names()},
        )
        return HTMLResponse(page)

    async def _events(self) -> StreamingResponse:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        async with contextlib.aclosing(self._watch.changes()) as changes:
            async for picture in changes:
                yield f"data: {picture}\n\n" if picture else ":\n\n"

    def _picture(self, device: str, file: str, side: int = 480, *, turned: bool = False) -> Response:
        try:
            return Response(self._watch.output.picture(device, file, side, turned=turned), media_type="image/png")
        except LookupError:
            raise HTTPException(404, "belum ada") from None

    def _codes(self) -> list[dict[str, str]]:
        """The QR codes that lie on the applicants' phones; none when the Dinas has no phones, or is away."""
        try:
            answer = requests.get(f"{self._pages}/telepon/kode", timeout=WITHIN_S)
            codes: list[dict[str, str]] = answer.json() if answer.ok else []
        except (requests.RequestException, ValueError):
            return []
        return codes

    def _static(self, name: str) -> FileResponse:
        if name not in FILES:
            raise HTTPException(404)
        return FileResponse(HERE / name, media_type=FILES[name])

    def _font(self, name: str) -> FileResponse:
        if name not in {path.name for path in FONTS.glob("*.ttf")}:
            raise HTTPException(404)
        return FileResponse(FONTS / name, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})

    def _live_screen(self) -> dict[str, Any]:
        """Where the browser finds the kiosk's screen: the port of a websocket, or why there is none."""
        if missing := self._screen.missing():
            return {"missing": missing}
        try:
            return {"port": self._screen.open([f"http://{host}" for host in sorted(self._hosts)])}
        except ProcessFailedError:
            return {"missing": "Layar kios tidak terlihat di sini: x11vnc tidak mau berjalan."}

    # -- what is done

    async def _act(self, name: str, given: dict[str, Any]) -> JSONResponse:
        if name == "take_receipt":
            return await self._try(self._watch.take_receipt, "Tidak ada struk.")
        natural = ACTS.get(name)
        if natural is None or natural.device not in self._injector.devices:
            return JSONResponse({"error": "Tidak ada tindakan itu di mesin ini."}, 404)
        hand = Hand(self._where[natural.device]["control"])
        return await self._try(lambda: hand.do(natural.act, **natural.arguments(given)), natural.refusal)

    async def _strike(self, strike: Strike) -> JSONResponse:
        return await self._try(
            lambda: self._injector.strike(strike.name, strike.at, strike.of, strike.times),
            "Gangguan itu tidak terjadi.",
        )

    async def _mend(self, mend: Mend) -> JSONResponse:
        name = mend.name
        work = self._mend_all if name is None else lambda: self._injector.mend(name)
        return await self._try(work, "Tidak bisa dibereskan.")

    def _mend_all(self) -> None:
        """The power first: what is dark cannot be mended, and the kiosk starts only with it."""
        power_cut = FAULTS["machine.power_cut"]
        if power_cut in self._injector.faults and not Hand(self._where["machine"]["control"]).state()["power"]:
            self._injector.mend(power_cut.full_name)
        self._injector.mend_all()

    async def _try(self, work: Callable[[], object], refusal: str) -> JSONResponse:
        """Do it in a thread. What a device answers to a wrong hand is for engineers, and stands behind ours."""
        try:
            await run_in_threadpool(work)
        except ValueError as error:
            return JSONResponse({"error": refusal, "because": str(error)}, 409)
        except requests.RequestException as error:
            return JSONResponse({"error": SILENT, "because": str(error)}, 504)
        finally:
            self._watch.look_soon()
        return JSONResponse({})
