"""All of it together: a private pcscd, its two readers with slots, the cards that were ever put in, and the acts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hardware_sim.control import ControlServer, State
from hardware_sim.faults.arming import Arming
from hardware_sim.smart_cards.chips import Chip, ForeignChip, KtpElChip
from hardware_sim.smart_cards.pcscd import Pcscd
from hardware_sim.smart_cards.piv import AUTHENTICATION, PivChip
from hardware_sim.smart_cards.slots import Slot

READERS = {"encoder": "Kiosk CardPrinter Encoder", "operator": "Kiosk Operator Reader"}
KINDS: dict[str, type[KtpElChip | PivChip | ForeignChip]] = {
    card.kind: card for card in (KtpElChip, PivChip, ForeignChip)
}


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
            "issue_staff": self.issue_staff,
            "put_key": self.put_key,
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
                "plugged": READERS[name] not in self.pcscd.unplugged,
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
        """pcscd there, readers plugged in, nothing wrong with a card, nothing armed. Cards stay where they are."""
        self._arming.disarm()
        if self.pcscd.pid is None:
            self.pcscd.restart()
        for slot in READERS:
            self.plug(slot)
            self._slots[slot].repair()

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

    def issue_staff(
        self, slot: str, serial: str, certificate: str, key: str, pin: str = "123456", puk: str = "12345678"
    ) -> None:
        """Put in a new staff card with that certificate and key (PEM) in key slot 9A.

        Whose card it is and in which role stands in the certificate, which the Dinas has signed.
        """
        if serial in self._cards:
            raise ValueError(f"there is a card {serial} already")
        card = PivChip(serial, pin, puk)
        card.put_key(AUTHENTICATION, *_key_and_certificate(key, certificate))
        self._slot(slot).insert(card)
        self._cards[serial] = card

    def put_key(self, serial: str, key_slot: str, certificate: str, key: str) -> None:
        """Put a key with its certificate (PEM) in another key slot of a staff card: 9A, 9C, 9D or 9E."""
        card = self._cards.get(serial)
        if not isinstance(card, PivChip):
            wrong_serial = f"no staff card of serial {serial!r}"
            raise ValueError(wrong_serial)  # noqa: TRY004  # it is the serial that is wrong
        card.put_key(int(key_slot, 16), *_key_and_certificate(key, certificate))

    def fault(self, slot: str, **faults: bool | float | None) -> None:
        """Break the card in the slot: mute, two_cards, hang (true or false), pull_after (APDUs), delay_s (for each)."""
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


def _key_and_certificate(key: str, certificate: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    loaded = serialization.load_pem_private_key(key.encode(), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        wrong_kind = "a staff card takes keys of an elliptic curve"
        raise ValueError(wrong_kind)  # noqa: TRY004  # the caller gave the wrong text
    return loaded, x509.load_pem_x509_certificate(certificate.encode())
