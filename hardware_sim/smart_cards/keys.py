"""The invented authentication of the simulated chip.

A real KTP-el is opened by a SAM of Ditjen Dukcapil. Nothing of that is here: key and method were made up for the
simulator, and a real card refuses them.
"""

from __future__ import annotations

import hashlib
import hmac

SIMULATOR_KEY = hashlib.sha256(b"SPESIMEN: simulated chip, opens nothing real").digest()
HOST_NONCE_LENGTH = 8


def cryptogram(challenge: bytes) -> bytes:
    """The 40 bytes of EXTERNAL AUTHENTICATE for a challenge: a nonce of the host and an HMAC over both."""
    nonce = hmac.digest(SIMULATOR_KEY, b"host" + challenge, "sha256")[:HOST_NONCE_LENGTH]
    return nonce + _mac(challenge, nonce)


def opens(challenge: bytes, answer: bytes) -> bool:
    """Whether ``answer`` is a cryptogram for ``challenge``."""
    nonce, mac = answer[:HOST_NONCE_LENGTH], answer[HOST_NONCE_LENGTH:]
    return hmac.compare_digest(mac, _mac(challenge, nonce))


def _mac(challenge: bytes, nonce: bytes) -> bytes:
    return hmac.digest(SIMULATOR_KEY, challenge + nonce, "sha256")
