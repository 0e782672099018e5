"""Puts the pages onto an app, with their style, script and fonts."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response

from hardware_sim.dinas.pages import desk as desk_pages
from hardware_sim.dinas.pages import phone as phone_pages
from hardware_sim.dinas.pages.base import HERE, Desk, Pages

FONTS = HERE.parents[2] / "kiosk" / "fonts"
FILES = {"gaya.css": "text/css", "halaman.js": "text/javascript"}


def install(app: FastAPI, desk: Desk) -> None:
    """Put all pages onto the app."""
    pages = Pages()
    app.include_router(desk_pages.make_router(desk, pages))
    app.include_router(phone_pages.make_router(desk, pages))

    @app.get("/")
    def index() -> HTMLResponse:
        return pages.show("beranda.html", waiting=desk_pages.count_waiting(desk))

    @app.get("/statis/{name}")
    def static(name: str) -> Response:
        if name not in FILES:
            raise HTTPException(404)
        return FileResponse(HERE / name, media_type=FILES[name], headers={"Cache-Control": "no-cache"})

    @app.get("/huruf/{name}")
    def font(name: str) -> Response:
        if name not in {path.name for path in FONTS.glob("*.ttf")}:
            raise HTTPException(404)
        return FileResponse(FONTS / name, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
