"""The verbs of the stories, each with the step that it makes."""

from __future__ import annotations

from hardware_sim.scenarios import machine_steps as machine
from hardware_sim.scenarios import screen_steps as screen
from hardware_sim.scenarios.step import Step

VERBS: dict[str, type[Step]] = {
    "see": screen.See,
    "read": screen.Read,
    "gone": screen.Gone,
    "closed": screen.Closed,
    "tap": screen.Tap,
    "type": screen.Type,
    "scan": screen.Scan,
    "log_in": screen.LogIn,
    "choose": screen.Choose,
    "take": screen.Take,
    "take_all": screen.TakeAll,
    "leave": screen.Leave,
    "go_home": screen.GoHome,
    "picture": screen.Picture,
    "wait": screen.Wait,
    "fault": machine.Strike,
    "mend": machine.Mend,
    "hand": machine.HandOn,
    "clerk": machine.ClerkDoes,
    "new_pin": machine.PinArrives,
    "dinas": machine.DinasDoes,
    "attempt": machine.AttemptIs,
    "audit": machine.AuditSays,
    "lamp": machine.LampIs,
    "operator": machine.OperatorDoes,
    "stop": machine.Stop,
    "kill": machine.Kill,
    "start": machine.Start,
}
