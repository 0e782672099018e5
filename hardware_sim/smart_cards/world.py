"""All of it together: a private pcscd, its two readers with slots, the cards that were ever put in, and the acts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from hardware_sim.control import ControlServer, State
from hardware_sim.faults.arming import Arming
from hardware_sim.smart_cards.chips import KINDS, Chip, KtpElChip
from hardware_sim.smart_cards.pcscd import Pcscd
from hardware_sim.smart_cards.slots import Slot

READERS = {"encoder": "Kiosk CardPrinter Encoder", "operator": "Kiosk Operator Reader"}


class SmartCards:
    """The acts are the methods named in ``acts``; each answers the state afterwards."""

    def __init__(self, directory: Path) -> None:
        self.pcscd = Pcscd(directory, list(READERS.values()))
        self._slots: dict[str, Slot] = {}
        self._cards: dict[str, Chip] = {}  # by serial: a card keeps its content outside the reader
        self._arming = Arming(lambda: self._own_acts)  # for the chip station: BEFORE and TRANSFER
        self._control: ControlServer | None = None

    def start(self, control_port: int = 0) -> str:
        """Start everything; answers the address of the control. Raises PcscdError."""
        self.pcscd.start()
        self._slots = {slot: Slot(slot, self.pcscd.ports[name]) for slot, name in READERS.items()}
        self._slots["encoder"].reached = self._arming.reached
        self._control = ControlServer(self.acts, self.state, control_port)
        return self._control.url

    def close(self) -> None:
        if self._control:
            self._control.close()
        for slot in self._slots.values():
            slot.close()
        self.pcscd.stop()

    @property
    def acts(self) -> Mapping[str, Callable[..., object]]:
        return {**self._own_acts, **self._arming.acts}

    @property
    def _own_acts(self) -> Mapping[str, Callable[..., object]]:
        return {
            "repair": self.repair,
            "insert": self.insert,
            "remove": self.remove,
            "put_photo": self.put_photo,
            "fault": self.fault,
            "unplug": self.unplug,
            "plug": self.plug,
            "kill_pcscd": self.pcscd.kill,
            "stop_pcscd": self.pcscd.stop,
            "start_pcscd": self.pcscd.restart,
        }

    def state(self) -> State:
        slots = {
            name: {
                "reader": READERS[name],
                "card": slot.chip.describe() if slot.chip else None,
                "apdus": slot.apdus,
                "faults": asdict(slot.faults),
            }
            for name, slot in self._slots.items()
        }
        return {
            "socket": str(self.pcscd.socket),
            "pcscd_pid": self.pcscd.pid,
            "slots": slots,
            "armed": self._arming.state(),
            "cards": {serial: chip.describe() for serial, chip in self._cards.items()},
        }

    def repair(self) -> None:
        """pcscd there, readers plugged in, nothing armed. Cards stay where they are."""
        self._arming.disarm()
        if self.pcscd.pid is None:
            self.pcscd.restart()
        for slot in READERS:
            self.plug(slot)

    def insert(self, slot: str, serial: str, kind: str = KtpElChip.kind) -> None:
        """Put the card of that serial in; one that was never seen is made new, of that kind."""
        place = self._slot(slot)
        card = self._cards.get(serial)
        if card is None:
            if kind not in KINDS:
                raise ValueError(f"no kind of card {kind!r}; there are {sorted(KINDS)}")
            card = KINDS[kind](serial)
        elif card.kind != kind:
            raise ValueError(f"card {serial} is a {card.kind}, not a {kind}")
        if any(other.chip is card for other in self._slots.values()):
            raise ValueError(f"card {serial} is in a reader already")
        place.insert(card)
        self._cards[serial] = card

    def remove(self, slot: str) -> str | None:
        """Take the card out; answers its serial, None when there was none."""
        card = self._slot(slot).remove()
        return card.serial if card else None

    def put_photo(self, serial: str, photo: str) -> None:
        """Put a photo (base64) on a card's chip past its access rules: that of another person, for instance."""
        card = self._cards.get(serial)
        if not isinstance(card, KtpElChip):
            wrong_serial = f"no KTP-el of serial {serial!r} was ever put in"
            raise ValueError(wrong_serial)  # noqa: TRY004  # it is the serial that is wrong
        try:
            card.put_photo(base64.b64decode(photo, validate=True))
        except binascii.Error as error:
            raise ValueError(f"photo is not base64: {error}") from None

    def fault(self, slot: str, **faults: bool | float | None) -> None:
        """Break the card in the slot: mute, hang (true/false), pull_after (APDUs), delay_s (seconds for each APDU)."""
        self._slot(slot).set_faults(**faults)

    def unplug(self, slot: str) -> None:
        """Pull the reader's cable. The other reader is away for a moment, too (see Pcscd.unplug)."""
        self._slot(slot)
        self.pcscd.unplug(READERS[slot])

    def plug(self, slot: str) -> None:
        self._slot(slot)
        self.pcscd.plug(READERS[slot])

    def _slot(self, name: str) -> Slot:
        if name not in self._slots:
            raise ValueError(f"no slot {name!r}; there are {sorted(self._slots)}")
        return self._slots[name]
