"""Which faults of the vocabulary are there now, and which wait: told from what the devices say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hardware_sim.card_dispenser.machine import BIN_HOLDS
from hardware_sim.control import State
from hardware_sim.faults.fault import Act, Fault

States = Mapping[str, State]
Arguments = Mapping[str, Any]


def _ups_says(state: State, word: str) -> bool:
    return word in state["variables"].get("ups.status", "").split()


def _unplugged(state: State, arguments: Arguments) -> bool:
    plugged: bool = state["slots"][arguments["slot"]]["plugged"] if "slots" in state else state["plugged"]
    return not plugged


# By the act that strikes: whether the device is as that act left it. What is over at once is not here.
_SEEN: dict[str, Callable[[State, Arguments], bool]] = {
    # printers
    "condition": lambda state, wanted: wanted["name"] in state["conditions"],
    "power_off": lambda state, _: not state["power"],
    "hang": lambda state, _: state["wire"]["hang"],
    "reset": lambda state, _: state["wire"]["reset"],
    "unavailable": lambda state, _: state["wire"]["unavailable"],
    "busy": lambda state, _: state["busy"],
    "accepting": lambda state, _: not state["accepting"],
    # serial devices and the cabinet's board
    "paper": lambda state, wanted: state["paper"] == wanted["level"],
    "cover": lambda state, _: state["cover_open"],
    "cutter": lambda state, _: state["cutter_jammed"],
    "silence": lambda state, _: state["silent"],
    "stop_reading": lambda state, _: not state["reading"],
    "pace": lambda state, _: state["baud"] is not None,
    "unplug": _unplugged,
    "wrong_crc": lambda state, _: state["wrong_crc"],
    "slow_bytes": lambda state, _: state["byte_every_s"] > 0,
    "answer_exception": lambda state, _: state["refuses_with"] != 0,
    "open_door": lambda state, wanted: wanted["door"] in state["open_doors"],
    "key": lambda state, _: state["key_in_service"],
    # card dispenser
    "stacker": lambda state, wanted: min(wanted["n"], 1) <= state["stacker"] <= wanted["n"],
    "jam": lambda state, wanted: state["jammed"] and state["jam_seen"] == wanted.get("seen", True),
    "fill_bin": lambda state, _: state["bin"] >= BIN_HOLDS,
    "counter": lambda state, wanted: state["counter"] >= wanted["n"],
    "motor_error": lambda state, wanted: state["motor_error"] == wanted["code"],
    "times": lambda state, wanted: state["take_back_s"] == wanted["take_back_s"],
    "variant": lambda state, wanted: state["variant"] == wanted["name"],
    # cards
    "fault": lambda state, wanted: any(state["slots"][wanted["slot"]]["faults"][name] for name in _names(wanted)),
    "kill_pcscd": lambda state, _: state["pcscd_pid"] is None,
    # battery
    "battery": lambda state, _: _ups_says(state, "OB") and not _ups_says(state, "LB"),
    "low": lambda state, _: _ups_says(state, "LB"),
    "say": lambda state, _: _ups_says(state, "RB"),
    "kill_upsd": lambda state, _: not state["upsd"],
    # the Dinas and the machine as a whole
    "away": lambda state, wanted: state["away"] == wanted["mode"],
    "freeze": lambda state, wanted: wanted["name"] in state["frozen"],
    "stop_queue": lambda state, wanted: state["queues"].get(wanted["name"]) == "stopped",
    "kill_cupsd": lambda state, _: not state["cupsd"],
    "cut_power": lambda state, _: not state["power"],
}


def _names(arguments: Arguments) -> list[str]:
    return [name for name in arguments if name != "slot"]


def active(faults: Iterable[Fault], states: States) -> list[str]:
    """The full names of the faults that are there now. A device that says nothing has none that can be told."""
    return [fault.full_name for fault in faults if _is_there(fault.strike, states.get(fault.strike.device))]


def _is_there(strike: Act, state: State | None) -> bool:
    seen = _SEEN.get(strike.name)
    if state is None:
        return False
    if strike.device == "dispenser" and {strike.name, f"{strike.name} motion"} & state["faults"].keys():
        return True  # so many messages, or motions, still go wrong
    if seen is None:
        return False
    try:
        return bool(seen(state, strike.arguments))
    except KeyError:  # the act of that name has another meaning in this device, and leaves nothing to see
        return False


def waiting(faults: Iterable[Fault], states: States, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those that lie in wait: name, phase (at), the device whose phase it is (of), and how often (left; None: always).

    One that waits on a wire for the next request has no phase.
    """
    found = [
        {"name": fault.full_name, "at": None, "of": fault.device, "left": left}
        for fault in faults
        if (left := _on_the_wire(fault.strike, states.get(fault.strike.device, {})))
    ]
    for clock, state in states.items():
        for armed in state.get("armed", ()):
            fault = next((f for f in faults if _is_armed(f.strike, armed, clock, where)), None)
            if fault is not None:
                found.append({"name": fault.full_name, "at": armed["phase"], "of": clock, "left": armed["left"]})
    return found


def _on_the_wire(strike: Act, state: State) -> int:
    """How often it still strikes."""
    if strike.name == "drop_after":
        return int(state.get("wire", {}).get("cuts_left", 0))
    if strike.name == "lose_reply":
        wire = state.get("wire", {})
        return int(wire["lost_answers_left"]) if wire.get("loses_answer_to") == strike.arguments["operation"] else 0
    if strike.name == "fault" and strike.device == "dinas":
        return sum(f["times"] for f in state.get("waiting", ()) if dict(strike.arguments).items() <= f.items())
    return 0


def _is_armed(strike: Act, armed: Mapping[str, Any], clock: str, where: Mapping[str, Any]) -> bool:
    at_home = armed["url"] is None and strike.device == clock
    elsewhere = armed["url"] is not None and armed["url"] == where[strike.device].get("control")
    same_act = armed["act"] == strike.name and armed["arguments"] == dict(strike.arguments)
    return same_act and (at_home or elsewhere)
