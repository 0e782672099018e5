"""The other people of the story, each through the page a person would use: the desk, the phone."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass

import requests

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Applicant:
    """Somebody with a PIN and permits, as the Dinas prepares them for a test or a story."""

    nik: str
    pin: str
    handle: str
    phone: str
    permit_ids: list[str]


class Clerk:
    """Approves applications at the desk's page."""

    def __init__(self, pages: str) -> None:
        self._pages = pages

    def approve_all_of(self, nik: str) -> str:
        """Press "Setujui" for each waiting application of that applicant; answers their phone number."""
        number = ""
        for path in re.findall(r'href="(/meja/permohonan/[0-9a-f-]+)"', self._read("/meja")):
            page = self._read(path)
            applicant = re.search(r"NIK pemohon</dt><dd[^>]*>(\d{16})<", page)
            approve = f'action="{path}/setujui"'
            if applicant and applicant[1] == nik and approve in page:
                number = re.findall(r"/telepon/(\d+)", page)[0]
                requests.post(f"{self._pages}{path}/setujui", timeout=30).raise_for_status()
        if not number:
            raise LookupError("no application of that applicant waits at the desk")
        return number

    def _read(self, path: str) -> str:
        answer = requests.get(f"{self._pages}{path}", timeout=30)
        answer.raise_for_status()
        return answer.text


class Phone:
    """Looks at the messages on the simulated phone's page."""

    def __init__(self, pages: str, number: str) -> None:
        self._page = f"{pages}/telepon/{number}"

    def pin(self) -> str:
        """The PIN of the newest message with a copy-code button, once it has arrived."""
        codes = self._await(r'data-copy="(\d{6})"')
        return codes[-1]

    def _await(self, pattern: str) -> list[str]:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            page = requests.get(self._page, timeout=10)
            page.raise_for_status()
            if found := re.findall(pattern, html.unescape(page.text)):
                return found
            time.sleep(0.1)
        raise TimeoutError(f"no message came within {PATIENCE_S:g} s")
