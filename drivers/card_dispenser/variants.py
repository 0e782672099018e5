"""The machines that share the name CRT-591 and not their commands; which one it is, it says itself.

M001 is the one of the paper. R02 was seen to throw a card into its bin on the command that hands it out of an M001;
H001 has other commands for nearly everything. So no motion is asked of a machine that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.card_dispenser.frames import Cm, Command


@dataclass(frozen=True)
class Profile:
    """What one variant is told for what is meant."""

    name: str
    mark: str  # found in what it says of itself: firmware, version, configuration, serial number
    init: Command  # that leaves a card where it is
    feed: Command
    present: Command
    capture: Command
    counts: bool = True  # it has the bin counter A5


M001 = Profile(
    "m001",
    "M001",  # firmware "CRT-591-M001"
    init=Command(Cm.INIT, 0x33),
    feed=Command(Cm.MOVE, 0x31),
    present=Command(Cm.MOVE, 0x39),
    capture=Command(Cm.MOVE, 0x33),
)
# Seen: firmware "CRT-591-V1.00", version "C591_R02_A_170413", serial number "591R02H...". MOVE 31 stops in its gate;
# 34 feeds to the reading position.
R02 = Profile(
    "r02",
    "R02",
    init=Command(Cm.INIT, 0x33),
    feed=Command(Cm.MOVE, 0x34),
    present=Command(Cm.MOVE, 0x30),
    capture=Command(Cm.MOVE, 0x33),
)
H001 = Profile(
    "h001",
    "H001",
    init=Command(Cm.INIT, 0x33, b"324100000000"),
    feed=Command(Cm.MOVE, 0x32, b"1"),  # from the first of its two boxes
    present=Command(Cm.ENTRY, 0x30),
    capture=Command(Cm.ENTRY, 0x31),
    counts=False,
)
PROFILES = {profile.name: profile for profile in (M001, R02, H001)}


def identify(words: Iterable[str]) -> Profile | None:
    """The variant by what it says of itself; None when it says nothing known, or names two."""
    said = " ".join(words).upper()
    found = [profile for profile in PROFILES.values() if profile.mark in said]
    return found[0] if len(found) == 1 else None
