"""PIN and PUK of a PIV card: tries that run out (NIST SP 800-73-4, part 2, 3.2)."""

from __future__ import annotations

import hmac

LENGTH = 8  # on the wire a PIN is filled up to this with FF
SHORTEST = 6
FILL = b"\xff"
TRIES = 3


class Secret:
    """A PIN or a PUK with its tries."""

    def __init__(self, value: str, tries: int = TRIES) -> None:
        self._most = tries
        self.set(padded(value))

    def set(self, value: bytes) -> None:
        """A new value, with all its tries. Raises ValueError for one that cards refuse."""
        if not well_formed(value):
            raise ValueError(f"a PIN has {SHORTEST} to {LENGTH} digits")
        self._value = value
        self.tries_left = self._most

    @property
    def blocked(self) -> bool:
        return self.tries_left == 0

    def opens(self, value: bytes) -> bool:
        """Whether that is it; each wrong one costs a try, a right one brings them all back."""
        if self.blocked:
            return False
        if hmac.compare_digest(value, self._value):
            self.tries_left = self._most
            return True
        self.tries_left -= 1
        return False


def padded(value: str) -> bytes:
    """As it goes over the wire."""
    return value.encode().ljust(LENGTH, FILL)


def well_formed(value: bytes) -> bool:
    """Six to eight digits, filled up with FF (part 2, 2.4.3)."""
    digits = value.rstrip(FILL)
    return len(value) == LENGTH and len(digits) >= SHORTEST and all(byte in b"0123456789" for byte in digits)
