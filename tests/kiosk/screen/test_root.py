"""The window as a whole: second taps, digits, "still there?", a lost engine."""

from __future__ import annotations

import time
from typing import Any

import pytest
from stage import Stage
from views_shown import HELP, KK, KTP, NIK, SITE, one_of_each

from kiosk.protocol import (
    AskHelp,
    Begin,
    Choose,
    ConfirmView,
    DocumentsView,
    EnterNik,
    HelpView,
    HomeView,
    Intent,
    Medium,
    MediumState,
    NikFault,
    NikView,
    PinView,
    Said,
    Show,
    Touched,
    Way,
)

pytestmark = pytest.mark.window

HOME = HomeView((MediumState(Medium.CARD, True, 120),), (Way.NIK, Way.QR))


def said(stage: Stage) -> list[Intent]:
    """What was sent, without the signs that somebody is there."""
    return [one.intent for one in stage.said if not isinstance(one.intent, Touched)]


def type_digits(stage: Stage, digits: str) -> None:
    for digit in digits:
        stage.tap(digit)


def test_tap_sends_the_intent_with_its_page(stage: Stage) -> None:
    stage.show(Show(4, SITE, HOME))

    stage.tap("Ketik NIK dan PIN")

    assert stage.said == [Said(4, Begin(Way.NIK))]


def test_second_tap_does_nothing_until_the_page_is_another(stage: Stage) -> None:
    stage.show(Show(4, SITE, HOME))

    stage.tap("Panggil petugas")
    stage.tap("Panggil petugas")
    stage.tap("Ketik NIK dan PIN")

    assert said(stage) == [AskHelp()]

    stage.show(Show(5, SITE, HOME))
    stage.tap("Pindai QR")

    assert said(stage) == [AskHelp(), Begin(Way.QR)]


def test_act_that_the_engine_did_not_answer_can_be_tried_again(stage: Stage) -> None:
    stage.show(Show(4, SITE, HOME))
    stage.tap("Panggil petugas")

    stage.clock += 5
    stage.tap("Panggil petugas")

    assert said(stage) == [AskHelp(), AskHelp()]


def test_tap_that_slides_off_does_nothing(stage: Stage) -> None:
    from kivy.tests.common import UnitTestTouch

    stage.show(Show(4, SITE, HOME))
    left, top, width, height = next(i for i in stage.items() if i["label"] == "Pindai QR")["bounds"]
    touch = UnitTestTouch(left + width / 2, stage.size[1] - top - height / 2)

    touch.touch_down()
    touch.touch_move(left + width / 2, 5)
    touch.touch_up()
    stage.frames()

    assert said(stage) == []


def test_nik_is_sent_whole(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))

    stage.tap("Lanjut")
    assert said(stage) == []

    type_digits(stage, NIK)
    type_digits(stage, "9")  # a seventeenth digit is not taken
    stage.tap("Lanjut")
    assert said(stage) == [EnterNik(NIK)]


def test_nik_with_an_impossible_date_is_said_at_once_and_judged_by_the_engine(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))

    type_digits(stage, "352316991379")
    assert any("Tanggal lahir" in item["label"] for item in stage.items())

    stage.tap("Lanjut")
    assert said(stage) == [EnterNik("352316991379")]


def test_digits_can_be_taken_back_one_by_one_and_all_at_once(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))
    page = stage.root.current_page

    type_digits(stage, "35231")
    stage.tap("Hapus")
    assert page.digits == "3523"

    stage.tap("Ulangi")
    assert page.digits == ""


def test_nik_stays_for_correction_when_the_engine_refuses_it_on_the_same_page(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))
    type_digits(stage, NIK)

    stage.show(Show(1, SITE, NikView(NikFault.REGION)))

    assert stage.root.current_page.digits == NIK
    assert any("kode daerah" in item["label"] for item in stage.items())


@pytest.mark.parametrize(
    "following", [Show(2, SITE, NikView()), Show(2, SITE, HOME), None], ids=["page", "home", "lost"]
)
def test_digits_are_gone_with_another_page_and_with_a_lost_engine(stage: Stage, following: Show | None) -> None:
    stage.show(Show(1, SITE, NikView()))
    type_digits(stage, NIK)
    page = stage.root.current_page

    stage.show(following)

    assert page.digits == ""
    assert not any(digit.text for digit in page.field.children if hasattr(digit, "hidden"))


def test_pin_is_nowhere_on_the_screen_and_gone_once_it_is_answered(stage: Stage) -> None:
    stage.show(Show(1, SITE, PinView(Way.NIK, "0021")))
    type_digits(stage, "481526")
    page = stage.root.current_page
    assert page.digits == "481526"
    assert [d.text for d in page.field.children] == ["*"] * 6

    stage.show(Show(1, SITE, PinView(Way.NIK, "0021", wrong=True, attempts_left=2)))

    assert page.digits == ""
    assert any("2 kali lagi" in item["label"] for item in stage.items())


def test_resending_the_pin_is_offered_only_where_the_nik_was_typed(stage: Stage) -> None:
    stage.show(Show(1, SITE, PinView(Way.NIK, "0021")))
    assert "Kirim ulang PIN" in [item["label"] for item in stage.items()]

    stage.show(Show(2, SITE, PinView(Way.QR)))
    assert "Kirim ulang PIN" not in [item["label"] for item in stage.items()]


def test_while_the_pin_is_checked_nothing_can_be_tapped(stage: Stage) -> None:
    stage.show(Show(1, SITE, PinView(Way.NIK, "0021", checking=True)))

    assert [item["label"] for item in stage.items() if item["enabled"] and item["role"] != "text"] == []


def test_dots_move_while_the_pin_is_checked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.screen.widgets.basics import Ticker

    monkeypatch.setattr(Ticker, "PERIOD_S", 0.01)
    stage.show(Show(1, SITE, PinView(Way.NIK, "0021", checking=True)))
    (ticker,) = [widget for widget in stage.widgets() if isinstance(widget, Ticker)]
    lit = set()
    end = time.monotonic() + 30
    while lit != {0, 1, 2, 3, 4} and time.monotonic() < end:
        lit.add(ticker.step)
        stage.frames(1)
    assert lit == {0, 1, 2, 3, 4}

    stage.show(Show(2, SITE, PinView(Way.NIK, "0021")))
    assert (ticker.running, ticker.step) == (False, 0)


def test_choice_is_sent_in_the_order_of_the_list_and_survives_going_back(stage: Stage) -> None:
    documents = DocumentsView("S*** A****", (KTP, KK))
    stage.show(Show(1, SITE, documents))

    stage.tap("Kartu Keluarga")
    stage.tap("KTP-el")
    stage.tap("Cetak 2 dokumen")
    assert said(stage) == [Choose(("p1", "p2"))]

    stage.show(Show(2, SITE, ConfirmView((KTP, KK), 180)))
    stage.show(Show(3, SITE, documents))
    assert [i["checked"] for i in stage.items() if i["role"] == "checkbox"] == [True, True]


def test_choice_of_one_visit_is_not_seen_by_the_next(stage: Stage) -> None:
    documents = DocumentsView("S*** A****", (KTP, KK))
    stage.show(Show(1, SITE, documents))
    stage.tap("KTP-el")

    stage.show(Show(2, SITE, HOME))
    stage.show(Show(3, SITE, documents))

    assert not any(i["checked"] for i in stage.items())


def test_nothing_chosen_cannot_be_printed(stage: Stage) -> None:
    stage.show(Show(1, SITE, DocumentsView("S*** A****", (KTP,))))

    stage.tap("Pilih dokumen dulu")

    assert said(stage) == []


def test_every_one_of_twelve_documents_can_be_reached_and_chosen(stage: Stage) -> None:
    many = tuple(replace_permit(index) for index in range(12))
    stage.show(Show(1, SITE, DocumentsView("S*** A****", many)))
    for _ in range(6):
        for item in [i for i in stage.items() if i["role"] == "checkbox" and not i["checked"]]:
            stage.tap(item["label"])
        down = next(i for i in stage.items() if "di bawah" in i["label"] or "bawah" in i["label"])
        if not down["enabled"]:
            break
        stage.tap(down["label"])

    stage.tap("Cetak 12 dokumen")

    assert said(stage) == [Choose(tuple(f"d{index}" for index in range(12)))]


def replace_permit(index: int) -> Any:
    import msgspec

    return msgspec.structs.replace(KK, permit_id=f"d{index}", title=f"Akta Kelahiran {index + 1}")


def test_still_there_is_asked_over_the_page_and_a_tap_says_yes(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView(), still_there_s=14))
    labels = [item["label"] for item in stage.items()]
    assert "Masih di sini?" in labels
    assert "Lanjut" not in labels  # what lies below cannot be tapped

    stage.tap("Ya, saya masih di sini")
    assert [one.intent for one in stage.said] == [Touched()]

    stage.show(Show(1, SITE, NikView()))
    assert "Masih di sini?" not in [item["label"] for item in stage.items()]


def test_digits_survive_the_question_on_the_same_page(stage: Stage) -> None:
    stage.show(Show(1, SITE, NikView()))
    type_digits(stage, "3523")

    stage.show(Show(1, SITE, NikView(), still_there_s=14))
    stage.show(Show(1, SITE, NikView()))

    assert stage.root.current_page.digits == "3523"


def test_touches_are_told_at_most_every_two_seconds(stage: Stage) -> None:
    stage.show(Show(1, SITE, HOME))

    for _ in range(5):
        stage.root.touched()
    stage.clock += 2.1
    stage.root.touched()

    assert [one.intent for one in stage.said] == [Touched(), Touched()]


def test_lost_engine_is_said_at_once_and_takes_no_taps(stage: Stage) -> None:
    stage.show(Show(1, SITE, DocumentsView("S*** A****", (KTP,))))

    stage.show(None)

    assert stage.root.tag == "lost"
    assert [i for i in stage.items() if i["role"] == "button"] == []
    stage.root.say(AskHelp())
    assert said(stage) == []
    assert not any("S***" in item["label"] for item in stage.items())


def test_every_page_offers_the_same_helps_at_the_foot(stage: Stage) -> None:
    places: dict[str, set[tuple[int, ...]]] = {}
    for case in one_of_each():
        stage.show(case.show)
        for item in stage.items():
            if item["label"] in ("Panggil petugas", "Selesai", "Cara pakai"):
                places.setdefault(item["label"], set()).add(tuple(item["bounds"]))

    assert len(places["Panggil petugas"]) == 1
    assert len(places["Cara pakai"]) == 1
    assert len(places["Selesai"]) == 2  # alone on the page of help, where calling for help would do nothing


def test_help_page_says_the_words_of_the_site(stage: Stage) -> None:
    stage.show(Show(1, SITE, HelpView(HELP)))

    assert HELP in [item["label"] for item in stage.items()]
