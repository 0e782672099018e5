"""The pages as people use them, in Debian's Chromium. ``ADM_SCREENSHOTS=DIR`` keeps what was seen."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from hardware_sim.dinas import pins
from hardware_sim.dinas.model import Applicant
from hardware_sim.dinas.whatsapp.phones import PhoneState
from hardware_sim.dinas.whatsapp.templates import qr_picture

pytestmark = pytest.mark.browser
SITI, PHONE, NIK = "SITI ARUMSARI", "6281200000001", "3523165204850003"


def keep(page: Page, name: str) -> None:
    """A screenshot for whoever wants to look."""
    directory = os.environ.get("ADM_SCREENSHOTS")
    if directory:
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def open_application(page: Page, dinas: Any, applicant: str = SITI, document: str = "kk") -> None:
    page.goto(f"{dinas.url}/meja/permohonan/{dinas.application_of(applicant, document)}")


def approve(page: Page, dinas: Any) -> None:
    open_application(page, dinas)
    page.get_by_role("button", name="Setujui").click()
    expect(page.locator("#keputusan .state")).to_have_text("Disetujui")


def applicant(dinas: Any) -> Applicant:
    with Session(dinas.engine) as session:
        row = session.get(Applicant, NIK)
        assert row is not None
        session.expunge(row)
        return row


def test_the_clerk_approves_and_the_phone_shows_the_pin_and_the_qr(page: Page, dinas: Any) -> None:
    page.get_by_role("link", name=re.compile("Meja Dinas")).click()
    page.get_by_role("link", name=re.compile("Kartu Keluarga.*HENDRA PRAMUDYA")).click()
    expect(page.get_by_role("img", name="Lembar pertama Kartu Keluarga")).to_be_visible()
    expect(page.get_by_role("region", name="Isi dokumen").get_by_text("JL. PEMUDA NO. 18")).to_be_visible()
    keep(page, "permohonan")
    page.get_by_role("button", name="Setujui").click()
    expect(page.locator("#keputusan").get_by_text("Siap dicetak")).to_be_visible()
    expect(page.locator("#pesan").get_by_text("Sampai di telepon")).to_have_count(2)
    keep(page, "disetujui")

    page.locator("#keputusan").get_by_role("link", name="+62 812-0000-0001").click()

    keep(page, "telepon")
    pin = page.locator(".pin").inner_text()
    row = applicant(dinas)
    assert re.fullmatch("[0-9]{6}", pin)
    assert pins.matches(pin, row.pin_salt, row.pin_hash)
    source = page.get_by_role("img", name="Kode QR untuk mesin").first.get_attribute("src")
    picture = page.request.get(f"{dinas.url}{source}")
    assert picture.headers["content-type"] == "image/png"
    assert picture.body() == qr_picture(row.handle)
    chat = page.get_by_role("log", name="Pesan").inner_text()
    assert NIK not in chat
    assert not any(word in chat for word in SITI.split())


def test_a_message_that_cannot_be_delivered_shows_so_at_the_desk(page: Page, dinas: Any) -> None:
    dinas.graph.set_phone(PHONE, PhoneState.UNREACHABLE)

    approve(page, dinas)

    expect(page.locator("#pesan .state.bad")).to_have_text(["Tidak dapat dikirim"] * 2)
    expect(page.locator("#pesan").get_by_text("Hubungi pemohon dengan cara lain").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Pesan")).click()
    expect(page.get_by_role("link", name=re.compile("^Pesan"))).to_contain_text("2")
    expect(page.get_by_text("kode 131026")).to_have_count(2)
    keep(page, "tidak-sampai")
    page.goto(f"{dinas.url}/telepon/{PHONE}")
    expect(page.get_by_text("Belum ada pesan.")).to_be_visible()


def test_the_code_is_copied(page: Page, dinas: Any) -> None:
    approve(page, dinas)
    page.goto(f"{dinas.url}/telepon/{PHONE}")

    page.get_by_role("button", name="Salin kode").click()

    expect(page.get_by_role("button", name="Kode tersalin")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".pin").inner_text()


def test_the_qr_is_shown_large_and_put_away_with_escape(page: Page, dinas: Any) -> None:
    approve(page, dinas)
    page.goto(f"{dinas.url}/telepon/{PHONE}")

    page.get_by_role("button", name="Perbesar kode QR").click()
    dialog = page.get_by_role("dialog", name="Kode QR")
    expect(dialog).to_be_visible()
    keep(page, "qr-besar")
    box = dialog.get_by_role("img").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 550
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()


def test_a_phone_that_is_switched_on_gets_what_waited(page: Page, dinas: Any) -> None:
    page.goto(f"{dinas.url}/telepon/{PHONE}")
    page.get_by_role("radio", name="Mati").check()
    page.get_by_role("button", name="Ubah").click()
    expect(page.get_by_text("Telepon mati")).to_be_visible()
    approve(page, dinas)
    expect(page.locator("#pesan").get_by_text("Terkirim, belum sampai")).to_have_count(2)

    page.goto(f"{dinas.url}/telepon/{PHONE}")
    page.get_by_role("radio", name="Menyala").check()
    page.get_by_role("button", name="Ubah").click()

    expect(page.locator(".pin")).to_be_visible()


def test_a_message_appears_while_the_phone_is_being_looked_at(page: Page, dinas: Any) -> None:
    page.goto(f"{dinas.url}/telepon/{PHONE}")
    expect(page.get_by_text("Belum ada pesan.")).to_be_visible()

    done = page.request.post(f"{dinas.url}/meja/permohonan/{dinas.application_of(SITI, 'kk')}/setujui")

    assert done.ok
    expect(page.locator(".pin")).to_be_visible()


def test_the_desk_works_by_keyboard_alone(page: Page, dinas: Any) -> None:
    open_application(page, dinas)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Setujui")
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    expect(button).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("#keputusan .state")).to_have_text("Disetujui")


def test_a_stopped_account_is_an_alarm_until_it_is_mended(page: Page, dinas: Any) -> None:
    dinas.graph.fail_next(190)
    approve(page, dinas)
    expect(page.get_by_role("alert")).to_contain_text("190")
    keep(page, "berhenti")

    page.get_by_role("button", name="Sudah diperbaiki, kirim lagi").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    open_application(page, dinas)
    page.get_by_role("button", name="Kirim PIN baru").click()

    expect(page.locator("#pesan").get_by_text("Sampai di telepon")).to_have_count(2)
