"""Mutual TLS, and answers to what nobody asked for."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from hardware_sim.dinas.ca import Authority


def test_without_a_client_certificate_nobody_gets_in(dinas: Any) -> None:
    with requests.Session() as http:
        http.trust_env = False
        http.verify = dinas.world["roots"]["tls"]

        with pytest.raises(requests.ConnectionError):
            http.get(dinas.world["api"] + "/v1/kiosk", timeout=5)


def test_a_certificate_of_another_root_does_not_get_in(dinas: Any, kiosk: Any, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path).kiosk_certificate(kiosk.kiosk_id)
    with requests.Session() as http:
        http.trust_env = False
        http.verify = dinas.world["roots"]["tls"]
        http.cert = (str(certificate), str(key))

        with pytest.raises(requests.ConnectionError):
            http.get(dinas.world["api"] + "/v1/kiosk", timeout=5)


def test_a_kiosk_that_is_not_registered_is_disabled(dinas: Any, client: Any, problem: Any) -> None:
    if "adm-unregistered" not in dinas.world["kiosks"]:
        pytest.skip("needs a certificate of a kiosk that the Dinas does not know")
    stranger = client("adm-unregistered")

    for label in ("GET /v1/kiosk", "GET /v1/bundles", "GET /v1/revocations", f"GET /v1/bundles/{uuid.uuid4()}"):
        problem(stranger.ask(label), "kiosk-disabled", 403)
    body = {"nik": "3523165204850003", "pin": "123456"}
    problem(stranger.ask("POST /v1/sessions", body=body), "kiosk-disabled", 403)


def test_a_kiosk_can_be_disabled(dinas: Any, other_kiosk: Any, problem: Any) -> None:
    dinas.do("kiosk", kiosk_id=other_kiosk.kiosk_id, enabled=False)
    try:
        problem(other_kiosk.ask("GET /v1/kiosk"), "kiosk-disabled", 403)
    finally:
        dinas.do("kiosk", kiosk_id=other_kiosk.kiosk_id, enabled=True)
    assert other_kiosk.ask("GET /v1/kiosk").status_code == 200


@pytest.mark.parametrize("label", ["GET /v1/nothing", "GET /", "POST /v1/kiosk", "PATCH /v1/sessions", "GET /docs"])
def test_unknown_paths_and_methods_are_problems(kiosk: Any, label: str) -> None:
    answer = kiosk.ask(label)

    assert answer.status_code in (404, 405)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


def test_one_connection_serves_many_requests(client: Any, kiosk: Any) -> None:
    fresh = client(kiosk.kiosk_id)
    fresh.ask("GET /v1/kiosk")
    (pool,) = (fresh.http.get_adapter(fresh.base).poolmanager.pools[key] for key in _keys(fresh))

    for _ in range(3):
        fresh.ask("GET /v1/kiosk")

    assert pool.num_connections == 1
    assert pool.num_requests == 4


def _keys(client: Any) -> Any:
    return client.http.get_adapter(client.base).poolmanager.pools.keys()
