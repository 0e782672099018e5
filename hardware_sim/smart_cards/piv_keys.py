"""The keys of a PIV card: private keys that sign and agree, and the management key that lets somebody write.

Algorithms by their identifiers (NIST SP 800-78-4, table 6-2). Elliptic curves only: a staff card holds P-256.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVES: dict[int, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    0x11: (ec.SECP256R1(), hashes.SHA256()),
    0x14: (ec.SECP384R1(), hashes.SHA384()),
}
TRIPLE_DES, DEFAULT_ALGORITHM = 0x03, 0x00  # both are 3DES with three keys
AES_LENGTHS = {0x08: 16, 0x0A: 24, 0x0C: 32}
# What tools that were told no other key try first; a real card gets another one at once.
FACTORY_MANAGEMENT_KEY = bytes(range(1, 9)) * 3


class CardKeyError(ValueError):
    """A key, an algorithm or a value that the card does not take."""


@dataclass(frozen=True)
class PrivateKey:
    """A private key of one of the slots 9A, 9C, 9D, 9E or of the retired ones."""

    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of_scalar(cls, algorithm: int, scalar: bytes) -> PrivateKey:
        """A key that is imported. Raises CardKeyError."""
        if algorithm not in CURVES:
            raise CardKeyError(f"algorithm {algorithm:#04x}")
        try:
            return cls(ec.derive_private_key(int.from_bytes(scalar, "big"), CURVES[algorithm][0]))
        except ValueError as error:
            raise CardKeyError(str(error)) from None

    @classmethod
    def generate(cls, algorithm: int) -> PrivateKey:
        """A key that never was anywhere else. Raises CardKeyError."""
        if algorithm not in CURVES:
            raise CardKeyError(f"algorithm {algorithm:#04x}")
        return cls(ec.generate_private_key(CURVES[algorithm][0]))

    @property
    def algorithm(self) -> int:
        return next(name for name, (curve, _) in CURVES.items() if curve.name == self.key.curve.name)

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, digest: bytes) -> bytes:
        """ECDSA over a digest, as DER. A digest of another length counts as the standard says (FIPS 186-4, 6.4)."""
        _, hash_ = CURVES[self.algorithm]
        fitting = digest[: hash_.digest_size].rjust(hash_.digest_size, b"\x00")
        return self.key.sign(fitting, ec.ECDSA(Prehashed(hash_)))

    def agree(self, point: bytes) -> bytes:
        """ECDH with a point of another. Raises CardKeyError."""
        try:
            other = ec.EllipticCurvePublicKey.from_encoded_point(self.key.curve, point)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise CardKeyError(str(error)) from None
        return self.key.exchange(ec.ECDH(), other)


@dataclass
class ManagementKey:
    """Key 9B: who has it may put objects and keys on the card."""

    algorithm: int = TRIPLE_DES
    value: bytes = FACTORY_MANAGEMENT_KEY
    _owed: tuple[str, bytes] | None = field(default=None, repr=False)  # what the other side must answer next

    def change(self, algorithm: int, value: bytes) -> None:
        """Raises CardKeyError for a key whose length does not fit its algorithm."""
        if len(value) != (24 if algorithm == TRIPLE_DES else AES_LENGTHS.get(algorithm)):
            raise CardKeyError(f"management key of {len(value)} bytes for algorithm {algorithm:#04x}")
        self.algorithm, self.value = algorithm, value

    def means(self, algorithm: int) -> bool:
        return algorithm == self.algorithm or (algorithm, self.algorithm) == (DEFAULT_ALGORITHM, TRIPLE_DES)

    @property
    def block(self) -> int:
        return 8 if self.algorithm == TRIPLE_DES else 16

    def forget(self) -> None:
        self._owed = None

    def witness(self) -> bytes:
        """First half of mutual authentication: a secret of ours, enciphered; the other side must say it in clear."""
        secret = os.urandom(self.block)
        self._owed = ("witness", secret)
        return self.encipher(secret)

    def challenge(self) -> bytes:
        """A challenge; the other side must encipher it."""
        challenge = os.urandom(self.block)
        self._owed = ("challenge", self.encipher(challenge))
        return challenge

    def answered(self, kind: str, answer: bytes) -> bool:
        """Whether that is what was owed. Each witness and each challenge is good for one try."""
        owed, self._owed = self._owed, None
        return owed is not None and owed[0] == kind and hmac.compare_digest(answer, owed[1])

    def encipher(self, block: bytes) -> bytes:
        """One block. Raises CardKeyError for anything else."""
        if len(block) != self.block:
            raise CardKeyError(f"{len(block)} bytes are no block")
        cipher = TripleDES(self.value) if self.algorithm == TRIPLE_DES else AES(self.value)
        encryptor = Cipher(cipher, modes.ECB()).encryptor()  # noqa: S305  # one block, as the specification has it
        return encryptor.update(block) + encryptor.finalize()
