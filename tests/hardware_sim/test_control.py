"""The hand on a simulated device: acts over loopback HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from hardware_sim.control import ControlServer, Hand


class Lamp:
    """A device with one act."""

    def __init__(self) -> None:
        self.on = False

    def switch(self, on: bool) -> str:
        if not isinstance(on, bool):
            raise ValueError("on is true or false")  # noqa: TRY004  # what the control turns into a 400
        self.on = on
        return "click"

    def state(self) -> dict[str, object]:
        return {"on": self.on}


@pytest.fixture
def server() -> Iterator[ControlServer]:
    lamp = Lamp()
    server = ControlServer({"switch": lamp.switch}, lamp.state)
    yield server
    server.close()


def test_an_act_is_done_and_answers_the_state_after_it(server: ControlServer) -> None:
    hand = Hand(server.url)

    assert hand.state() == {"on": False}
    assert hand.do("switch", on=True) == {"on": True, "result": "click"}
    assert hand.state() == {"on": True}


@pytest.mark.parametrize(
    ("act", "arguments", "why"),
    [("explode", {}, "there are \\['switch'\\]"), ("switch", {"off": True}, "off"), ("switch", {"on": 3}, "true or")],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    server: ControlServer, act: str, arguments: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Hand(server.url).do(act, **arguments)
    assert Hand(server.url).state() == {"on": False}


def test_what_is_no_json_object_is_refused(server: ControlServer) -> None:
    assert requests.post(f"{server.url}/switch", data=b"not json", timeout=5).status_code == 400
    assert requests.post(f"{server.url}/switch", data=b"[1]", timeout=5).status_code == 400


def test_nobody_answers_after_the_end() -> None:
    server = ControlServer({}, dict)
    url = server.url
    server.close()

    with pytest.raises(requests.ConnectionError):
        Hand(url).state()


def test_it_listens_on_loopback_only(server: ControlServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server._server.server_address[0] == "127.0.0.1"
