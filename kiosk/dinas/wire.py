"""The Dinas over HTTPS: one warm session with the kiosk's certificate, deadlines, and answers turned into types.

Blocking; owned by one thread (kiosk.dinas.client). Knows nothing of which call means what.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from kiosk.dinas.contract import DinasAwayError, DinasProblemError, Problem, ProblemType
from kiosk.settings import Dinas

log = logging.getLogger(__name__)

T = TypeVar("T")

LARGEST_ANSWER = 1024 * 1024  # a list of twelve permits takes 8 kB; revocation lists some hundreds
LARGEST_BUNDLE = 8 * 1024 * 1024  # contract: Permit.bundle.size
CHUNK = 64 * 1024
_KNOWN = {kind.value: kind for kind in ProblemType}

# Small writes at once, and a dead peer found out within about a minute and a half.
_SOCKET_OPTIONS = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 15),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4),
]


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, socket_options=_SOCKET_OPTIONS, **kwargs)


class Wire:
    """One session; ``close`` gives its connection back."""

    def __init__(self, settings: Dinas) -> None:
        self._base = settings.url.rstrip("/")
        self._timeout = (settings.connect_s, settings.answer_s)
        self._session = requests.Session()
        self._session.trust_env = False  # no proxies, no .netrc, no CA bundle from the environment
        self._session.verify = settings.ca
        self._session.cert = (settings.certificate, settings.key)
        self._session.headers["Accept"] = "application/json, application/problem+json"
        self._session.headers["User-Agent"] = "adm-kiosk"
        self._session.mount("https://", _Adapter(max_retries=0, pool_connections=1, pool_maxsize=1))
        self._session.mount("http://", _Adapter(max_retries=0, pool_connections=1, pool_maxsize=1))

    def close(self) -> None:
        self._session.close()

    def call(
        self, method: str, path: str, *, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """One exchange: status, body and headers of an answer that is no problem.

        Raises DinasProblemError for a problem, and DinasAwayError when there is no answer, too large a one, or a
        redirect (the contract has none).
        """
        data = None if body is None else msgspec.json.encode(body)
        sent = {"Content-Type": "application/json"} if data is not None else {}
        try:
            with self._session.request(
                method,
                f"{self._base}{path}",
                data=data,
                headers={**sent, **(headers or {})},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                content = _limited(answer, LARGEST_BUNDLE if path.startswith("/v1/bundles/") else LARGEST_ANSWER)
                status, found = answer.status_code, answer.headers
        except (requests.RequestException, OSError) as error:
            raise DinasAwayError(type(error).__name__) from error
        if status >= 400:
            raise problem_error(status, content, found)
        if 300 <= status < 400 and status != 304:
            raise DinasAwayError(f"redirect {status}")
        return status, content, found


def decode(content: bytes, kind: type[T]) -> T:
    """An answer as its type; one that cannot be understood is as good as none."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DinasAwayError(f"an answer that is no {kind.__name__}") from error


def problem_error(status: int, content: bytes, headers: Mapping[str, str]) -> DinasProblemError:
    """The problem of an answer; one without a readable body goes by its status."""
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problem = Problem(status=status)
    wait = headers.get("Retry-After", "")
    if problem.retry_after_s is None and wait.isdigit():
        problem = msgspec.structs.replace(problem, retry_after_s=int(wait))
    kind = _KNOWN.get(problem.type, ProblemType.OTHER)
    return DinasProblemError(problem, kind, status)


def _limited(answer: requests.Response, largest: int) -> bytes:
    """The body, or DinasAwayError when it is larger than any answer of the contract."""
    content = bytearray()
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > largest:
            raise DinasAwayError("an answer larger than any of the contract")
    return bytes(content)
