"""The panel as a trainer has it: in a real Chromium, before a world whose devices are changed by others as well."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from hardware_sim import scenarios
from hardware_sim.around import Clerk, Phone
from hardware_sim.faults.injector import Injector
from hardware_sim.world import World

pytestmark = [pytest.mark.devices, pytest.mark.timeout(120)]
expect.set_options(timeout=15_000)


@pytest.fixture(autouse=True)
def whole_again(world: World) -> Iterator[None]:
    yield
    Injector(world.where).mend_all()
    world.hand("paper").do("take_paper")


def wait_until(true: Callable[[], bool], within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def part(page: Page, act: str) -> Locator:
    return page.locator(f"[data-act={act}]").first


def fault(page: Page, name: str) -> Locator:
    """The line of that fault, with its device's list open."""
    device = page.locator(f"#faults details[data-device={name.partition('.')[0]}]")
    if device.get_attribute("open") is None:
        device.locator("summary").click()
    return page.locator(f"[data-fault='{name}']")


def test_what_others_do_is_seen_without_a_reload(world: World, page: Page) -> None:
    stock = world.hand("paper").state()["stock"]
    expect(page.locator("#paper-stock")).to_have_text(f"{stock} lembar")
    expect(page.locator("#now")).to_contain_text("Semua perangkat baik")

    world.hand("paper").do("refill", n=7)
    world.hand("cabinet").do("open_door", door="card_door")
    world.hand("ups").do("battery", charge=64)

    expect(page.locator("#paper-stock")).to_have_text(f"{stock + 7} lembar")
    expect(page.locator(".door.open")).to_have_attribute("data-door", "card_door")
    expect(page.locator("#battery-word")).to_have_text("Baterai 64 %")
    expect(page.locator("#now")).to_contain_text("Pintu kartu terbuka.")


def test_a_card_that_came_out_lies_in_the_slot_until_a_click_takes_it(world: World, press: Any, page: Page) -> None:
    expect(part(page, "take_card")).to_have_class("part no")
    press.print("card")

    expect(part(page, "take_card")).to_have_class("part has")
    expect(page.locator("#card-picture")).to_have_attribute("href", "/out/card/card-0001-1.png?side=480")
    expect(page.locator(".stop.here")).to_have_text("Celah")
    part(page, "take_card").click()

    expect(part(page, "take_card")).to_have_class("part no")
    assert world.hand("card").state()["position"] == "none"


def test_what_came_out_is_there_as_pictures(world: World, press: Any, page: Page) -> None:
    press.print("paper")
    press.print("paper")

    expect(page.locator("#paper-count text")).to_have_text("2")
    page.get_by_role("tab", name="Hasil").click()
    expect(page.locator("#out .paper-piece img")).to_have_count(2)
    assert page.locator("#out .paper-piece img").first.evaluate("picture => picture.decode().then(() => true)")
    page.locator("#out .paper-piece").first.click()
    expect(page.locator("#large img")).to_be_visible()
    page.keyboard.press("Escape")

    part(page, "take_paper").click()
    expect(part(page, "take_paper")).to_have_class("part no")
    assert world.hand("paper").state()["output"] == 0


def test_a_fault_is_struck_and_mended_from_the_page(world: World, page: Page) -> None:
    line = fault(page, "paper.media_jam")
    line.get_by_role("button", name="Terjadikan").click()

    expect(page.locator("#now")).to_contain_text("tersangkut")
    assert "media_jam" in world.hand("paper").state()["conditions"]
    line.get_by_role("button", name="Bereskan").click()
    expect(page.locator("#now")).to_contain_text("Semua perangkat baik")
    assert "media_jam" not in world.hand("paper").state()["conditions"]


def test_a_fault_waits_for_the_phase_of_another_device(world: World, page: Page) -> None:
    line = fault(page, "machine.power_cut")
    line.get_by_role("button", name="Nanti").click()
    line.locator(".of").select_option("card")
    line.locator(".at").select_option("printing")
    line.locator(".times").select_option("0")
    line.get_by_role("button", name="Siapkan").click()

    expect(page.locator("#now")).to_contain_text("Menunggu pencetak kartu mencetak, setiap kali")
    assert [(a["phase"], a["act"], a["left"]) for a in world.hand("card").state()["armed"]] == [
        ("printing", "cut_power", None)
    ]
    page.get_by_role("button", name="Bereskan", exact=True).first.click()
    expect(page.locator("#now")).to_contain_text("Semua perangkat baik")
    assert world.hand("card").state()["armed"] == []


def test_all_is_mended_with_one_button_and_the_power_comes_back(world: World, page: Page) -> None:
    fault(page, "machine.power_cut").get_by_role("button", name="Terjadikan").click()
    expect(page.locator("#mains-word")).to_have_text("Listrik mesin putus")
    world.hand("receipt").do("cover", open=True)
    expect(page.locator("#now")).to_contain_text("Penutup pencetak struk terbuka.")

    page.get_by_role("button", name="Bereskan semuanya").click()

    expect(page.locator("#now")).to_contain_text("Semua perangkat baik")
    expect(page.locator("#mains-word")).to_have_text("PLN menyala")
    assert world.hand("machine").state()["power"]


def test_a_frozen_device_does_not_stop_the_page(world: World, page: Page) -> None:
    Injector(world.where).strike("cabinet.frozen")
    expect(page.locator("#faults [data-device=cabinet] summary")).to_contain_text("membeku")

    stock = world.hand("paper").state()["stock"]
    world.hand("paper").do("refill", n=3)
    expect(page.locator("#paper-stock")).to_have_text(f"{stock + 3} lembar")

    page.locator("#now").get_by_role("button", name="Bereskan", exact=True).click()
    expect(page.locator("#faults [data-device=cabinet] summary")).to_contain_text("baik")


def test_a_device_that_hangs_by_itself_does_not_stop_the_page(world: World, page: Page) -> None:
    """Nobody has told the machine's control of it: the panel finds out."""
    world.machine.processes["scanner"].send_signal(signal.SIGSTOP)
    try:
        expect(page.locator("#now")).to_contain_text("Pemindai QR membeku.")
        stock = world.hand("card").state()["stock"]
        world.hand("card").do("refill", n=1)
        expect(page.locator("#card-stock")).to_have_text(f"{stock + 1}")
    finally:
        world.machine.processes["scanner"].send_signal(signal.SIGCONT)
    expect(page.locator("#now")).to_contain_text("Semua perangkat baik")


def test_a_hand_at_the_front_reaches_each_device(world: World, page: Page) -> None:
    page.locator("[data-which=paper_door]").click()
    expect(page.locator(".door.open")).to_have_attribute("data-door", "paper_door")
    part(page, "key").click()
    expect(page.locator("#key-word")).to_have_text("Kunci servis")
    part(page, "mains").click()
    expect(page.locator("#mains-word")).to_have_text("PLN padam")
    part(page, "reader").click()
    page.get_by_role("button", name="KTP-el").click()
    expect(page.locator("#staff-card")).to_have_class("staff")

    cabinet, cards = world.hand("cabinet").state(), world.hand("cards").state()
    assert (cabinet["open_doors"], cabinet["key_in_service"]) == (["paper_door"], True)
    assert "OB" in world.hand("ups").state()["variables"]["ups.status"]
    assert cards["slots"]["operator"]["card"]["kind"] == "ktp-el"
    part(page, "reader").click()
    expect(page.locator("#staff-card")).to_have_class("staff away")


def test_the_qr_on_a_phone_is_held_before_the_scanner(world: World, page: Page) -> None:
    dinas = world.where["dinas"]
    number = Clerk(dinas["pages"]).approve_all_of(dinas["demo_nik"])
    Phone(dinas["pages"], number).pin()  # the messages have arrived
    scans = world.hand("scanner").state()["scanner"]["scans"]

    part(page, "scan").click()
    page.locator("#codes button", has_text=f"+62 {number[2:5]}-{number[5:9]}-{number[9:]}").click()
    page.locator("#scan").wait_for(state="hidden")

    wait_until(lambda: world.hand("scanner").state()["scanner"]["scans"] == scans + 1)


def test_the_phone_is_there_with_its_messages(page: Page) -> None:
    page.get_by_role("tab", name="Telepon").click()
    expect(page.frame_locator("#phone iframe").get_by_role("heading", name="Telepon")).to_be_visible()


def test_the_stories_are_listed_with_what_they_tell(page: Page) -> None:
    page.get_by_role("tab", name="Cerita").click()
    expect(page.locator("#stories article")).to_have_count(len(scenarios.names()))
    expect(page.locator("#stories")).to_contain_text(scenarios.load("whole-road").title)


def test_a_hand_that_cannot_is_told_so(world: World, page: Page) -> None:
    world.hand("cards").do("insert", slot="encoder", serial="PANEL-FOREIGN", kind="foreign")
    part(page, "reader").click()
    page.get_by_role("button", name="Kartu lain").click()
    expect(page.locator("#toast")).to_have_text("Sudah ada kartu di pembaca.")
    world.hand("cards").do("remove", slot="encoder")

    world.hand("scanner").do("unplug", device="scanner")
    expect(page.locator("#now")).to_contain_text("Kabel pemindai tercabut.")
    part(page, "scan").click()
    page.locator("#code").fill("ADM1:contoh")
    page.get_by_role("button", name="Pindai", exact=True).click()
    expect(page.locator("#toast")).to_have_text("Pemindai tidak membaca: kabelnya tercabut.")


def test_without_a_kiosk_the_panel_says_so_and_works(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-no-screen", "")
    expect(page.locator("#machine .missing")).to_have_text(
        "Layar kios tidak terlihat di sini: dunia ini berjalan tanpa kios."
    )
