"""PINs and the hashes of them. A PIN is never stored or logged; what is stored cannot be told from the PIN cheaply."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from itertools import pairwise

LENGTH = 6
SALT_BYTES = 16
# 2**14 * 8 * 128 bytes = 16 MiB and some 50 ms. An offline search of 10**6 PINs stays feasible whatever the cost, which
# is why no key is ever derived from a PIN (reliability 3.2); the hash only keeps a stolen table from reading itself.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
_NOBODY_SALT = bytes(SALT_BYTES)
_NOBODY_HASH = bytes(32)


def new_pin() -> str:
    """Six random digits, and none of the few that everybody tries first."""
    while True:
        pin = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
        if not _weak(pin):
            return pin


def new_handle() -> str:
    """What the QR holds in place of a NIK: random, meaningless, and in the alphabet that a QR code packs best."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(alphabet) for _ in range(12))


def hash_pin(pin: str) -> tuple[bytes, bytes]:
    """Salt and hash to store."""
    salt = secrets.token_bytes(SALT_BYTES)
    return salt, _scrypt(pin, salt)


def matches(pin: str, salt: bytes | None, stored: bytes | None) -> bool:
    """Compare; with nothing stored it works just as long and says no."""
    known = salt is not None and stored is not None
    equal = hmac.compare_digest(_scrypt(pin, salt or _NOBODY_SALT), stored or _NOBODY_HASH)
    return equal and known


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, dklen=32)


def _weak(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}  # 777777, 456789, 987654
