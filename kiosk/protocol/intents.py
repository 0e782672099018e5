"""What a person can do."""

from __future__ import annotations

import msgspec

from kiosk.protocol.words import Action, Way


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """From home (or from scanning to typing): a way in was chosen."""

    way: Way


class EnterNik(msgspec.Struct, frozen=True, tag="enter_nik"):
    nik: str


class EnterPin(msgspec.Struct, frozen=True, tag="enter_pin"):
    pin: str


class Choose(msgspec.Struct, frozen=True, tag="choose"):
    """Documents were chosen, in the order of the list."""

    permit_ids: tuple[str, ...]


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """Print what was chosen."""


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The person says that they hold the document (where the machine cannot feel it)."""


class Act(msgspec.Struct, frozen=True, tag="act"):
    """A button of a notice."""

    action: Action


class Back(msgspec.Struct, frozen=True, tag="back"):
    """One page back."""


class Finish(msgspec.Struct, frozen=True, tag="finish"):
    """End the visit."""


class AskHelp(msgspec.Struct, frozen=True, tag="ask_help"):
    """Where is the operator?"""


class AskHowTo(msgspec.Struct, frozen=True, tag="ask_how_to"):
    """How does it work?"""


class Touched(msgspec.Struct, frozen=True, tag="touched"):
    """Somebody is there; sent at most once in two seconds, and for the button of "still there?"."""


Intent = Begin | EnterNik | EnterPin | Choose | Confirm | Taken | Act | Back | Finish | AskHelp | AskHowTo | Touched


class Said(msgspec.Struct, frozen=True):
    """What the person did, and on which page."""

    page: int
    intent: Intent
