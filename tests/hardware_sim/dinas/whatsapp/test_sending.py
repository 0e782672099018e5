"""From the Dinas through the Cloud API to a phone, and the word of it back."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
import requests
from PIL import Image

from hardware_sim.dinas.whatsapp import WhatsAppError
from hardware_sim.dinas.whatsapp.errors import Remedy
from hardware_sim.dinas.whatsapp.phones import Phones, PhoneState
from hardware_sim.dinas.whatsapp.templates import PIN_TEMPLATE, QR_TEMPLATE, international

PHONE = "6281200000001"
PIN = "481620"
HANDLE = "K7QM2ZT9XW4B"
BOTH_DELIVERED = {PIN_TEMPLATE: "delivered", QR_TEMPLATE: "delivered"}


def test_the_phone_shows_the_pin_to_copy_and_then_the_qr(post: Any, wait: Any) -> None:
    post.send()

    pin, qr = post.graph.phones.arrived(PHONE)
    assert PIN in pin.text
    assert pin.code == PIN
    assert pin.button == "Salin kode"
    assert pin.media_id == ""
    assert qr.code == ""
    picture = post.graph.phones.media(qr.media_id)
    assert Image.open(io.BytesIO(picture)).size == (1200, 628)
    wait(lambda: post.statuses() == BOTH_DELIVERED)


def test_reading_the_chat_comes_back_as_read(post: Any, wait: Any) -> None:
    post.send()
    post.graph.read(PHONE)

    wait(lambda: post.statuses() == {PIN_TEMPLATE: "read", QR_TEMPLATE: "read"})


def test_statuses_twice_and_out_of_order_only_move_up(unruly_post: Any, wait: Any) -> None:
    unruly_post.send()
    wait(lambda: unruly_post.statuses() == BOTH_DELIVERED)
    unruly_post.graph.read(PHONE)

    wait(lambda: unruly_post.statuses() == {PIN_TEMPLATE: "read", QR_TEMPLATE: "read"})


def test_a_number_without_whatsapp_is_accepted_and_then_fails(post: Any, wait: Any) -> None:
    post.graph.set_phone(PHONE, PhoneState.UNREACHABLE)

    post.send()

    wait(lambda: post.statuses() == {PIN_TEMPLATE: "failed", QR_TEMPLATE: "failed"})
    assert {m.error_code for m in post.records.messages()} == {131026}
    assert {m.remedy for m in post.records.messages()} == {Remedy.OTHER_CHANNEL}
    assert post.graph.phones.arrived(PHONE) == []


def test_a_pin_reaches_a_phone_that_was_off_for_a_day(post: Any, wait: Any) -> None:
    """The ten-minute trap: by the default of its category the PIN would be gone."""
    post.graph.set_phone(PHONE, PhoneState.OFF)
    post.send()
    wait(lambda: post.statuses() == {PIN_TEMPLATE: "sent", QR_TEMPLATE: "sent"})

    post.clock.ahead = 86400
    post.graph.set_phone(PHONE, PhoneState.ON)

    assert [m.code for m in post.graph.phones.arrived(PHONE)] == [PIN, ""]
    wait(lambda: post.statuses() == BOTH_DELIVERED)


def test_a_message_that_outlives_its_time_is_dropped_without_a_word_and_shows_overdue(post: Any, wait: Any) -> None:
    post.graph.set_phone(PHONE, PhoneState.OFF)
    post.send()
    wait(lambda: post.statuses() == {PIN_TEMPLATE: "sent", QR_TEMPLATE: "sent"})
    assert not any(m.overdue for m in post.records.messages())

    post.clock.ahead = 31 * 86400
    post.graph.set_phone(PHONE, PhoneState.ON)

    assert post.graph.phones.arrived(PHONE) == []
    assert all(m.overdue for m in post.records.messages())


@pytest.mark.parametrize("code", [4, 80007, 130429, 131000, 131016, 131056, 131057, 133016])
def test_what_passes_by_itself_is_sent_again(post: Any, code: int) -> None:
    post.graph.fail_next(code, code, status=429)

    post.send()

    assert [m.code for m in post.graph.phones.arrived(PHONE)] == [PIN, ""]


def test_patience_ends(post: Any) -> None:
    post.graph.fail_next(*[131016] * 4)

    with pytest.raises(WhatsAppError) as caught:
        post.send()

    assert caught.value.remedy is Remedy.RETRY
    assert post.statuses() == {PIN_TEMPLATE: "failed"}


@pytest.mark.parametrize("code", [131026, 131030, 131049, 131050, 130472, 130497])
def test_who_cannot_be_reached_is_not_tried_again(post: Any, code: int) -> None:
    post.graph.fail_next(code)

    with pytest.raises(WhatsAppError) as caught:
        post.send()

    assert caught.value.remedy is Remedy.OTHER_CHANNEL
    assert post.graph.phones.arrived(PHONE) == []
    assert post.sender.alarm is None


@pytest.mark.parametrize("code", [190, 10, 3, 368, 131031, 131042, 131044, 131045, 132001, 132015, 132016])
def test_what_only_an_administrator_can_mend_stops_everything(post: Any, code: int) -> None:
    post.graph.fail_next(code)

    with pytest.raises(WhatsAppError):
        post.send()
    assert post.sender.alarm == code
    with pytest.raises(WhatsAppError):
        post.send()
    assert post.graph.phones.arrived(PHONE) == []

    post.sender.resume()
    post.send()

    assert len(post.graph.phones.arrived(PHONE)) == 2


def test_a_qr_that_fails_leaves_the_pin_sent(post: Any) -> None:
    original = post.sender._upload

    def broken(handle: str) -> str:
        original(handle)
        raise WhatsAppError(131053, Remedy.FAULT)

    post.sender._upload = broken

    post.send()

    assert [m.code for m in post.graph.phones.arrived(PHONE)] == [PIN]
    assert {m.template: m.status.value for m in post.records.messages()}[QR_TEMPLATE] == "failed"


def test_an_unreachable_endpoint_is_an_error_and_no_message_is_left_in_doubt(post: Any) -> None:
    object.__setattr__(post.settings, "graph_url", "http://127.0.0.1:9")

    with pytest.raises(WhatsAppError) as caught:
        post.send()

    assert caught.value.remedy is Remedy.RETRY
    assert post.statuses() == {PIN_TEMPLATE: "failed"}


def test_a_lost_answer_leaves_the_message_unknown_until_the_webhook_tells(
    post: Any, wait: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = requests.post

    def lost(url: str, **arguments: Any) -> requests.Response:
        answer = real(url, **arguments)
        if url.endswith("/messages"):
            raise requests.ReadTimeout
        return answer

    monkeypatch.setattr("hardware_sim.dinas.whatsapp.sender.requests.post", lost)
    moves: list[str] = []
    move = post.records.move
    post.records.move = lambda *given, **more: moves.append(given[1].value) or move(*given, **more)

    post.send()

    assert "unknown" in moves
    wait(lambda: post.statuses() == BOTH_DELIVERED)
    assert len(post.graph.phones.arrived(PHONE)) == 2  # and it was not sent again


def test_no_log_holds_the_pin_or_the_number(post: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post.send()
    post.graph.fail_next(131016, 131026)
    with pytest.raises(WhatsAppError) as caught:
        post.send()
    post.graph.fail_next(190)
    with pytest.raises(WhatsAppError):
        post.send()

    said = caplog.text + str(caught.value) + repr(caught.value)
    assert "accepted" in said
    assert PIN not in said
    assert PHONE not in said
    assert post.settings.access_token not in said + repr(post.settings)


def test_the_database_of_the_dinas_holds_no_pin(post: Any) -> None:
    post.send()
    with post.engine.connect() as connection:
        rows = [str(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM whatsapp_message")]

    assert len(rows) == 2
    assert not any(PIN in row for row in rows)


def test_phones_outlive_a_restart(post: Any) -> None:
    post.send()
    post.graph.set_phone("6281200000009", PhoneState.BLOCKING)

    again = Phones(post.store)

    assert [m.code for m in again.arrived(PHONE)] == [PIN, ""]
    assert again.state("6281200000009") is PhoneState.BLOCKING
    assert again.media(again.arrived(PHONE)[1].media_id)


def test_templates_are_registered_once(post: Any) -> None:
    post.sender.register_templates()

    post.send()


@pytest.mark.parametrize("typed", ["081200000001", "+62 812-0000-0001", "812 0000 0001", "6281200000001"])
def test_a_number_is_taken_as_people_type_it(typed: str) -> None:
    assert international(typed) == PHONE


@pytest.mark.parametrize("typed", ["", "0812", "+1 202 555 0100", "0812000000x1", "62"])
def test_what_is_no_indonesian_number_is_refused_without_being_quoted(typed: str) -> None:
    with pytest.raises(ValueError, match="not an Indonesian") as caught:
        international(typed)

    assert not typed or typed not in str(caught.value)
