"""The audit chain: in order, without gaps, signed and witnessed."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
import rfc8785
from cryptography import x509
from joserfc import jws
from joserfc.jwk import ECKey

AT = "2026-11-24T03:00:00Z"


class Chain:
    """The chain of a kiosk, as its ledger would hold it; goes on from what the Dinas has."""

    def __init__(self, kiosk: Any, shared: dict[str, list[dict[str, Any]]]) -> None:
        self.kiosk = kiosk
        self.entries = shared.setdefault(kiosk.kiosk_id, [])

    def grow(self, count: int = 1, **data: Any) -> list[dict[str, Any]]:
        """New entries at the end, not yet handed over."""
        added = []
        for _ in range(count):
            prev = self.entries[-1]["hash"] if self.entries else "0" * 64
            added.append(entry(len(self.entries) + 1, prev, data))
            self.entries.append(added[-1])
        return added

    def head(self, last: dict[str, Any], key: Any = None, **changes: Any) -> str:
        payload = {"kiosk": self.kiosk.kiosk_id, "seq": last["seq"], "hash": last["hash"], "at": AT, **changes}
        signing = ECKey.import_key(key or self.kiosk.key.read_bytes())
        return jws.serialize_compact({"alg": "ES256"}, json.dumps(payload).encode(), signing)

    def hand_over(self, entries: list[dict[str, Any]], head: str | None = None) -> Any:
        body = {"entries": entries, "head": head or self.head(entries[-1])}
        return self.kiosk.ask("POST /v1/audit", body=body)


def entry(seq: int, prev: str, data: dict[str, Any], event: str = "test.event") -> dict[str, Any]:
    body = {"seq": seq, "at": AT, "event": event, "data": data, "prev": prev}
    return body | {"hash": hashlib.sha256(rfc8785.dumps(body)).hexdigest()}


@pytest.fixture(scope="session")
def chains() -> dict[str, list[dict[str, Any]]]:
    return {}


@pytest.fixture
def chain(kiosk: Any, chains: dict[str, list[dict[str, Any]]]) -> Chain:
    """All entries so far are at the Dinas, and there is at least one."""
    chain = Chain(kiosk, chains)
    if not chain.entries:
        first = chain.grow()
        assert chain.hand_over(first).json()["up_to"] == 1
    return chain


def test_entries_are_taken_in_order(chain: Chain) -> None:
    new = chain.grow(3, amount=1.5, word="nyala", nested={"b": [1, None, True], "a": ""})

    answer = chain.hand_over(new)

    assert (200, new[-1]["seq"]) == (answer.status_code, answer.json()["up_to"])


def test_the_dinas_witnesses_the_head(chain: Chain) -> None:
    new = chain.grow()
    head = chain.head(new[-1])

    witness = chain.hand_over(new, head).json()["witness"]

    header = json.loads(base64.urlsafe_b64decode(witness.split(".")[0] + "=="))
    assert header["alg"] == "ES256"
    assert witness.split(".")[1] == head.split(".")[1]
    if "x5c" in header:  # the contract does not say how the kiosk knows the key
        certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
        key = ECKey.import_key(certificate.public_key())
        registry = jws.JWSRegistry(algorithms=["ES256"])
        registry.max_header_length = 16384
        assert json.loads(jws.deserialize_compact(witness, key, registry=registry).payload)["seq"] == new[-1]["seq"]


def test_what_is_known_is_passed_over(chain: Chain) -> None:
    new = chain.grow(2)
    chain.hand_over(new)

    again = chain.hand_over(new)
    longer = chain.hand_over(new + chain.grow(2))

    assert (200, new[-1]["seq"]) == (again.status_code, again.json()["up_to"])
    assert (200, new[-1]["seq"] + 2) == (longer.status_code, longer.json()["up_to"])


def test_a_gap_names_what_is_known(chain: Chain, problem: Any) -> None:
    known = chain.entries[-1]["seq"]
    skipped, later = chain.grow(2)

    answer = chain.hand_over([later])

    assert problem(answer, "audit-gap", 409)["up_to"] == known
    assert chain.hand_over([skipped, later]).status_code == 200


def test_a_rewritten_entry_is_a_conflict(chain: Chain, problem: Any) -> None:
    (old,) = chain.grow()
    chain.hand_over([old])
    rewritten = entry(old["seq"], old["prev"], {"changed": True})

    problem(chain.hand_over([rewritten]), "audit-conflict", 409)


def test_a_tail_on_a_rewritten_entry_is_a_conflict(chain: Chain, problem: Any) -> None:
    last = chain.entries[-1]

    problem(chain.hand_over([entry(last["seq"] + 1, "f" * 64, {})]), "audit-conflict", 409)


def test_a_hash_that_is_not_the_entrys_is_refused(chain: Chain) -> None:
    last = chain.entries[-1]
    wrong = entry(last["seq"] + 1, last["hash"], {"a": 1}) | {"data": {"a": 2}}

    answer = chain.hand_over([wrong])

    assert answer.status_code in (409, 422)
    assert answer.json()["type"] in ("problems/audit-conflict", "problems/invalid")


def test_nothing_of_a_refused_batch_is_kept(chain: Chain, problem: Any) -> None:
    last = chain.entries[-1]
    good = entry(last["seq"] + 1, last["hash"], {})
    bad = entry(last["seq"] + 3, good["hash"], {})
    answer = chain.hand_over([good, bad])
    body = problem(answer, "audit-gap", 409)

    # A Dinas may say that it has kept the good one; then it has.
    assert body["up_to"] in (last["seq"], good["seq"])
    if body["up_to"] == good["seq"]:
        chain.entries.append(good)


@pytest.mark.parametrize("change", [{"seq": 1000000}, {"hash": "0" * 64}, {"kiosk": "another"}])
def test_the_head_must_be_that_of_the_last_entry(chain: Chain, problem: Any, change: dict[str, Any]) -> None:
    last = chain.entries[-1]
    new = entry(last["seq"] + 1, last["hash"], {})

    problem(chain.hand_over([new], chain.head(new, **change)), "invalid", 422)


def test_the_head_must_be_signed_by_this_kiosk(chain: Chain, other_kiosk: Any, problem: Any) -> None:
    last = chain.entries[-1]
    new = entry(last["seq"] + 1, last["hash"], {})

    problem(chain.hand_over([new], chain.head(new, key=other_kiosk.key.read_bytes())), "invalid", 422)
    problem(chain.hand_over([new], "no.jws.atall"), "invalid", 422)


def test_each_kiosk_has_its_own_chain(chain: Chain, chains: Any, other_kiosk: Any) -> None:
    other = Chain(other_kiosk, chains)

    assert other.hand_over(other.grow()).json()["up_to"] == len(other.entries)


def test_at_most_500_entries(chain: Chain, problem: Any) -> None:
    last = chain.entries[-1]
    many = [entry(last["seq"] + 1, last["hash"], {})] * 501

    problem(chain.hand_over(many), "invalid", 422)
