"""A staff card: a PIV card of NIST SP 800-73-4, as OpenSC and yubico-piv-tool know it.

Made without keys; they come from outside (``put_key``, or over the wire with the management key). Of the YubiKey's own
instructions it has those that yubico-piv-tool cannot do without: version, serial, importing and changing the
management key. No biometrics, no secure messaging, no RSA.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.card_reader.frames import Answer, Command
from hardware_sim.smart_cards import piv_objects as objects
from hardware_sim.smart_cards.apdu import OK, WRONG_LENGTH, Conversation
from hardware_sim.smart_cards.chips import FILE_NOT_FOUND, NO_SUCH_INSTRUCTION, SECURITY_NOT_SATISFIED, with_check_byte
from hardware_sim.smart_cards.piv_keys import CURVES, CardKeyError, ManagementKey, PrivateKey
from hardware_sim.smart_cards.piv_pins import LENGTH, Secret, well_formed

# Status words of SP 800-73-4, part 2, table 7, beside those of chips.py.
TRIES_LEFT = 0x63C0  # the lowest four bits say how many
BLOCKED = 0x6983
WRONG_DATA = 0x6A80
WRONG_PARAMETERS = 0x6A86
REFERENCE_NOT_FOUND = 0x6A88

PIN, PUK, MANAGEMENT = 0x80, 0x81, 0x9B
AUTHENTICATION, SIGNATURE, CARD_AUTHENTICATION = 0x9A, 0x9C, 0x9E
KEYS = (*objects.CERTIFICATES, *range(0x82, 0x96))  # the retired ones are 82 to 95

# T=1; the historical bytes are in compact TLV and hold the AID, by which OpenSC knows a PIV card.
ATR = b"\x3b\x8b\x80\x01\x80\xf9" + objects.AID
# yubico-piv-tool takes back its rights by selecting this application of a YubiKey; it does nothing here.
MANAGEMENT_AID = bytes.fromhex("A000000527471117")
VERSION = bytes((5, 2, 7))  # old enough that no tool asks for metadata

WITNESS, CHALLENGE, RESPONSE, EXPONENTIATION = 0x80, 0x81, 0x82, 0x85  # part 2, table 7: dynamic authentication
ALGORITHM_TAG, PUBLIC_KEY, POINT, PRIVATE_SCALAR = 0x80, bytes.fromhex("7F49"), 0x86, 0x06


class PivChip:
    """A PIV card. PIN 123456 and PUK 12345678, as cards come from the factory."""

    kind = "piv"
    atr = with_check_byte(ATR)

    def __init__(self, serial: str, pin: str = "123456", puk: str = "12345678") -> None:
        self.serial = serial
        self.pin, self.puk = Secret(pin), Secret(puk)
        self.management = ManagementKey()
        self.keys: dict[int, PrivateKey] = {}
        self.objects = objects.fresh_objects(serial)
        self._conversation = Conversation(self._answer)
        self._instructions: dict[int, Callable[[Command], Answer]] = {
            0x20: self._verify,
            0x24: self._change_reference_data,
            0x2C: self._reset_retry_counter,
            0x47: self._generate,
            0x87: self._general_authenticate,
            0xCB: self._get_data,
            0xDB: self._put_data,
            0xF8: self._serial_number,
            0xFD: lambda _: Answer(VERSION, OK),
            0xFE: self._import_key,
            0xFF: self._set_management_key,
        }
        self.reset()

    def reset(self) -> None:
        """PIV is the application that is there after power (part 1, 2.2)."""
        self._conversation.reset()
        self._in_application = True
        self._forget_rights()

    def _forget_rights(self) -> None:
        self._pin_verified = self._pin_just_verified = self._may_sign_once = self._managed = False
        self.management.forget()

    def transmit(self, frame: bytes) -> bytes:
        return self._conversation.transmit(frame)

    def put_key(self, reference: int, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Put a key and its certificate on the card past all access rules: the hand of the issuer.

        Raises ValueError for a slot or a curve that the card has not, or a certificate of another key.
        """
        if reference not in objects.CERTIFICATES:
            raise ValueError(
                f"no key slot {reference:02X}; there are {[f'{slot:02X}' for slot in objects.CERTIFICATES]}"
            )
        if key.curve.name not in {curve.name for curve, _ in CURVES.values()}:
            raise ValueError(f"the card has no curve {key.curve.name}")
        if certificate.public_key() != key.public_key():
            raise ValueError("the certificate is of another key")
        self.keys[reference] = PrivateKey(key)
        self.objects[objects.CERTIFICATES[reference]] = objects.certificate_object(certificate)

    def describe(self) -> dict[str, object]:
        return {
            "serial": self.serial,
            "kind": self.kind,
            "pin_tries_left": self.pin.tries_left,
            "puk_tries_left": self.puk.tries_left,
            "keys": [f"{reference:02X}" for reference in sorted(self.keys)],
            "objects": sorted(tag.hex().upper() for tag in self.objects),
        }

    def _answer(self, command: Command) -> Answer:
        if command.cla == 0 and command.ins == 0xA4:
            return self._select(command)
        instruction = self._instructions.get(command.ins) if command.cla == 0 and self._in_application else None
        if instruction is None:
            return Answer(b"", NO_SUCH_INSTRUCTION)
        # Key 9C signs once, in the command right after VERIFY (part 1, table 4b: PIN Always).
        self._may_sign_once, self._pin_just_verified = self._pin_just_verified, False
        try:
            return instruction(command)
        except (CardKeyError, objects.TlvError):
            return Answer(b"", WRONG_DATA)

    # -- the application and its objects

    def _select(self, command: Command) -> Answer:
        """By whole AID or its beginning; another one leaves everything as it is (part 2, 3.1.1)."""
        if command.p1 == 0x04 and len(command.data) >= 5:
            if objects.FULL_AID.startswith(command.data):
                self._in_application = True
                return Answer(objects.application_template(), OK)
            if command.data == MANAGEMENT_AID:
                self._in_application = False
                self._forget_rights()
                return Answer(b"", OK)
        return Answer(b"", FILE_NOT_FOUND)

    def _get_data(self, command: Command) -> Answer:
        if (command.p1, command.p2) != (0x3F, 0xFF):
            return Answer(b"", WRONG_PARAMETERS)
        tag = dict(objects.parts(command.data)).get(0x5C)
        if tag is None:
            return Answer(b"", WRONG_DATA)
        if tag in objects.READABLE_AFTER_PIN and not self._pin_verified:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        content = self.objects.get(tag)
        return Answer(b"", FILE_NOT_FOUND) if content is None else Answer(content, OK)

    def _put_data(self, command: Command) -> Answer:
        if not self._managed:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        given = dict(objects.parts(command.data))
        tag, content = given.get(0x5C), given.get(objects.CONTAINER)
        if tag is None or content is None or not tag.startswith(objects.WRITABLE):
            return Answer(b"", WRONG_DATA)
        if content:
            self.objects[tag] = objects.tlv(objects.CONTAINER, content)
        else:
            self.objects.pop(tag, None)  # an empty one takes it away
        return Answer(b"", OK)

    # -- PIN and PUK

    def _verify(self, command: Command) -> Answer:
        if command.p2 != PIN:
            return Answer(b"", REFERENCE_NOT_FOUND)
        if command.p1 == 0xFF and not command.data:
            self._pin_verified = False
            return Answer(b"", OK)
        if command.p1 != 0:
            return Answer(b"", WRONG_PARAMETERS)
        if not command.data:
            return Answer(b"", OK) if self._pin_verified else _refused(self.pin)
        if len(command.data) != LENGTH or not well_formed(command.data):
            return Answer(b"", WRONG_DATA)  # costs no try
        self._pin_verified = self._pin_just_verified = self.pin.opens(command.data)
        return Answer(b"", OK) if self._pin_verified else _refused(self.pin)

    def _change_reference_data(self, command: Command) -> Answer:
        if command.p2 not in (PIN, PUK):
            return Answer(b"", REFERENCE_NOT_FOUND)
        changed = self._replace(self.pin if command.p2 == PIN else self.puk, command, into=None)
        if command.p2 == PIN:
            self._pin_verified = changed.ok
        return changed

    def _reset_retry_counter(self, command: Command) -> Answer:
        if command.p2 != PIN:
            return Answer(b"", REFERENCE_NOT_FOUND)
        return self._replace(self.puk, command, into=self.pin)

    def _replace(self, opened_by: Secret, command: Command, into: Secret | None) -> Answer:
        """Old secret and new value in one field: opens with the first, writes the second."""
        old, new = command.data[:LENGTH], command.data[LENGTH:]
        if not well_formed(old) or not well_formed(new):
            return Answer(b"", WRONG_DATA)
        if not opened_by.opens(old):
            return _refused(opened_by)
        (into or opened_by).set(new)
        return Answer(b"", OK)

    # -- keys

    def _general_authenticate(self, command: Command) -> Answer:
        outer = dict(objects.parts(command.data))
        if 0x7C not in outer:
            return Answer(b"", WRONG_DATA)
        given = dict(objects.parts(outer[0x7C]))
        if command.p2 == MANAGEMENT:
            return self._manage(command.p1, given)
        key = self.keys.get(command.p2)
        if key is None or key.algorithm != command.p1:
            return Answer(b"", WRONG_PARAMETERS)
        if not self._may_use(command.p2):
            return Answer(b"", SECURITY_NOT_SATISFIED)
        if given.get(CHALLENGE):
            return _authenticated(RESPONSE, key.sign(given[CHALLENGE]))
        if given.get(EXPONENTIATION):
            return _authenticated(RESPONSE, key.agree(given[EXPONENTIATION]))
        return Answer(b"", WRONG_DATA)

    def _may_use(self, reference: int) -> bool:
        if reference == CARD_AUTHENTICATION:
            return True
        return self._may_sign_once if reference == SIGNATURE else self._pin_verified

    def _manage(self, algorithm: int, given: dict[int, bytes]) -> Answer:
        """The management key, one side or both (part 2, appendix A.1 and A.2)."""
        if not self.management.means(algorithm):
            return Answer(b"", WRONG_PARAMETERS)
        if given.get(WITNESS) == b"":
            return _authenticated(WITNESS, self.management.witness())
        if given.get(CHALLENGE) == b"":
            return _authenticated(CHALLENGE, self.management.challenge())
        if WITNESS in given and CHALLENGE in given:
            self._managed = self.management.answered("witness", given[WITNESS])
            if self._managed:
                return _authenticated(RESPONSE, self.management.encipher(given[CHALLENGE]))
        elif RESPONSE in given:
            self._managed = self.management.answered("challenge", given[RESPONSE])
            if self._managed:
                return Answer(b"", OK)
        return Answer(b"", SECURITY_NOT_SATISFIED)

    def _generate(self, command: Command) -> Answer:
        if not self._managed:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        if command.p2 not in KEYS:
            return Answer(b"", WRONG_PARAMETERS)
        template = dict(objects.parts(dict(objects.parts(command.data)).get(0xAC, b"")))
        key = PrivateKey.generate(int.from_bytes(template.get(ALGORITHM_TAG, b""), "big"))
        self.keys[command.p2] = key
        return Answer(objects.tlv(PUBLIC_KEY, objects.tlv(POINT, key.point)), OK)

    def _import_key(self, command: Command) -> Answer:
        if not self._managed:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        if command.p2 not in KEYS:
            return Answer(b"", WRONG_PARAMETERS)
        scalar = dict(objects.parts(command.data)).get(PRIVATE_SCALAR, b"")
        self.keys[command.p2] = PrivateKey.of_scalar(command.p1, scalar)
        return Answer(b"", OK)

    def _set_management_key(self, command: Command) -> Answer:
        """Algorithm, 9B, length, key."""
        if not self._managed:
            return Answer(b"", SECURITY_NOT_SATISFIED)
        if len(command.data) < 3 or command.data[1] != MANAGEMENT or command.data[2] != len(command.data) - 3:
            return Answer(b"", WRONG_LENGTH)
        self.management.change(command.data[0], command.data[3:])
        return Answer(b"", OK)

    def _serial_number(self, _: Command) -> Answer:
        return Answer(hashlib.sha256(self.serial.encode()).digest()[:4], OK)


def _refused(secret: Secret) -> Answer:
    return Answer(b"", BLOCKED if secret.blocked else TRIES_LEFT | secret.tries_left)


def _authenticated(tag: int, value: bytes) -> Answer:
    return Answer(objects.tlv(0x7C, objects.tlv(tag, value)), OK)
