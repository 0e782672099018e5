"""The Dinas put together in one directory: keys, database, the API over TLS, pages and control on plain loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from hardware_sim.dinas import pages, seed
from hardware_sim.dinas.api import Dinas, api
from hardware_sim.dinas.ca import Authority
from hardware_sim.dinas.control import Acts, control_router
from hardware_sim.dinas.faults import Faults
from hardware_sim.dinas.issuing import Issuer
from hardware_sim.dinas.model import open_database
from hardware_sim.dinas.office import Office
from hardware_sim.dinas.ports import utc_now
from hardware_sim.dinas.sessions import Sessions
from hardware_sim.dinas.settings import DinasSettings
from hardware_sim.dinas.whatsapp import Graph, Records, Sender, WhatsAppSettings, webhook
from hardware_sim.dinas.wire import SHUTDOWN_S, ApiServer, QuietServer, bound_socket

log = logging.getLogger(__name__)

UNREGISTERED_KIOSK = "adm-unregistered"  # has a good certificate, and the Dinas does not know it
WORLD_FILE = "dinas.json"
GRAPH_PATH = "/graph"


@dataclass(frozen=True)
class Options:
    """How to start. Port 0 takes a free one."""

    directory: Path
    api_port: int = 0
    web_port: int = 0
    verify_all: bool = False  # applications begin verified, and their PINs are sent at the start


class World:
    """One running Dinas."""

    def __init__(self, options: Options) -> None:
        self.options = options
        options.directory.mkdir(parents=True, exist_ok=True)
        self._api_socket = bound_socket(options.api_port)
        self._web_socket = bound_socket(options.web_port)
        self.api_url = f"https://localhost:{self._api_socket.getsockname()[1]}"
        self.web_url = f"http://127.0.0.1:{self._web_socket.getsockname()[1]}"
        self._build()

    def _build(self) -> None:
        settings, secret = DinasSettings(), _secret(self.options.directory / "secret")
        self._engine = engine = open_database(self.options.directory / "dinas.db")
        seed.fill(engine, utc_now)
        self.authority = Authority(self.options.directory / "ca")
        issuer = Issuer(self.authority, settings)
        self._whatsapp = WhatsAppSettings.invented(f"{self.web_url}{GRAPH_PATH}")
        self.records = Records(engine, utc_now)
        self.sender = Sender(self._whatsapp, self.records)
        self.graph = Graph(self._whatsapp, f"{self.web_url}{webhook.PATH}", self.options.directory / "phones.json")
        self.office = Office(engine, issuer, self.sender, settings, utc_now, secret)
        sessions = Sessions(engine, settings, utc_now, secret)
        dinas = Dinas(engine, self.authority, self.office, sessions, settings, utc_now)
        faults = Faults(api(dinas), settings)
        certificate = self.authority.server_certificate()
        self._api = ApiServer(faults, self._api_socket, certificate, self.authority.root_path("tls"))
        self.acts = Acts(dinas, issuer, self._api, faults)
        self._web = QuietServer(
            uvicorn.Config(
                self._web_app(),
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=SHUTDOWN_S,
                lifespan="off",
            )
        )

    def _web_app(self) -> FastAPI:
        """All on the plain port: pages, the desk's side of WhatsApp, the simulated Cloud API, the control."""
        app = FastAPI(title="Dinas (simulator)", openapi_url=None)
        app.include_router(control_router(self.acts))
        app.include_router(webhook.make_router(self._whatsapp, self.records))
        app.mount(GRAPH_PATH, self.graph.app)
        pages.install(app, pages.Desk(self._engine, self.office, self.records, self.sender, self.graph))
        return app

    def description(self) -> dict[str, Any]:
        """Where everything is: what the world file holds."""
        roots = {kind: str(self.authority.root_path(kind)) for kind in ("tls", "document", "card", "staff")}
        ids = (*(kiosk[0] for kiosk in seed.KIOSKS), UNREGISTERED_KIOSK)
        pairs = {kiosk_id: self.authority.kiosk_certificate(kiosk_id) for kiosk_id in ids}
        return {
            "api": self.api_url,
            "web": self.web_url,
            "control": f"{self.web_url}/control",
            "roots": roots,
            "kiosk": seed.HOME_KIOSK,
            "kiosks": {k: {"certificate": str(cert), "key": str(key)} for k, (cert, key) in pairs.items()},
            "demo_nik": seed.DEMO_NIK,
        }

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. The world file appears when everything answers."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        servers = asyncio.gather(self._serve_api(), self._web.serve(sockets=[self._web_socket]))
        while not (self._api.started and self._web.started):
            await asyncio.sleep(0.02)
            if servers.done():
                servers.result()
                raise RuntimeError("a server of the Dinas ended before it had started")
        await asyncio.to_thread(self.sender.register_templates)
        if self.options.verify_all:
            await asyncio.to_thread(self.acts.verify_all)
        world_file = self.options.directory / WORLD_FILE
        _write(world_file, json.dumps(self.description(), indent=2))
        log.info("the Dinas answers at %s, its pages at %s", self.api_url, self.web_url)
        try:
            await servers
        finally:
            world_file.unlink(missing_ok=True)
            self._api_socket.close()
            await asyncio.to_thread(self.graph.close)

    async def _serve_api(self) -> None:
        """The API ends first: a PIN that is being sent still finds the Cloud API on the plain port."""
        await self._api.serve()
        self._web.should_exit = True

    def stop(self) -> None:
        """Ask to end."""
        self._api.should_exit = True


def _secret(path: Path) -> bytes:
    """The key under which typed numbers are hashed; made at the first start."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def _write(path: Path, text: str) -> None:
    """Whole or not at all: whoever waits for the file may read it at once."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)
