"""The Dinas over HTTPS: one warm session with the kiosk's certificate, deadlines, and answers turned into types.

Blocking; owned by one thread (kiosk.dinas.client). Knows nothing of which call means what.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from kiosk.dinas.contract import DinasAwayError, DinasProblemError, Problem, ProblemType
from kiosk.settings import Dinas

log = logging.getLogger(__name__)

T = TypeVar("T")

LARGEST_ANSWER = 1024 * 1024  # a list of twelve permits takes 8 kB; revocation lists some hundreds
LARGEST_BUNDLE = 8 * 1024 * 1024  # contract: Permit.bundle.size
CHUNK = 16 * 1024
BUNDLE_WITHIN_S = 1200.0  # the largest over 64 kbit/s takes 1050 s
_KNOWN = {kind.value: kind for kind in ProblemType}
_TYPE = re.compile(r"[!-~]{1,100}")  # what a type looks like that may be written to a log
_SECONDS = re.compile(r"[0-9]{1,9}")
# Whatever a peer or a proxy between can make requests raise. ValueError: headers that no HTTP message can hold.
_BROKEN = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)

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


class _OneHost(requests.Session):
    """A session that follows no redirect and keeps no cookie: the contract has neither."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None, always. Even with allow_redirects off, requests would look into Location and read the whole body."""
        return None


@dataclass(frozen=True)
class Fetched:
    """A body, or as much of it as came before the line broke (then not ``whole``)."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    whole: bool


class Wire:
    """One session; ``close`` gives its connection back."""

    def __init__(self, settings: Dinas) -> None:
        self._base = settings.url.rstrip("/")
        self._timeout = (settings.connect_s, settings.answer_s)
        self._session = _OneHost()
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

        Raises DinasProblemError for a problem, and DinasAwayError when there is no answer, one that is too large or
        comes too slowly, or a redirect (the contract has none).
        """
        data = None if body is None else msgspec.json.encode(body)
        sent = {"Content-Type": "application/json"} if data is not None else {}
        try:
            with self._send(method, path, data, {**sent, **(headers or {})}) as answer:
                content = b"".join(_parts(answer, LARGEST_ANSWER, 2 * self._timeout[1]))
                status, found = answer.status_code, answer.headers
        except _BROKEN as error:
            raise DinasAwayError(type(error).__name__) from error
        _require_answer(status, content, found)
        return status, content, found

    def fetch(self, path: str, *, headers: Mapping[str, str], stop: threading.Event) -> Fetched:
        """A sealed bundle or a part of it. Ends early, with what came, when the line breaks or ``stop`` is set.

        Raises as ``call``. Without content coding: a range counts bytes of the coded form (RFC 9110, 14.1.2).
        """
        content = bytearray()
        whole = False
        try:
            with self._send("GET", path, None, {**headers, "Accept-Encoding": "identity"}) as answer:
                status, found = answer.status_code, answer.headers
                if "Content-Encoding" in found:
                    raise DinasAwayError("a coded bundle, which was not asked for")
                try:
                    for part in _parts(answer, LARGEST_BUNDLE, BUNDLE_WITHIN_S):
                        content += part
                        if stop.is_set():
                            break
                    else:
                        whole = True
                except _BROKEN:
                    if not content:
                        raise
        except _BROKEN as error:
            raise DinasAwayError(type(error).__name__) from error
        _require_answer(status, bytes(content), found)
        return Fetched(status, found, bytes(content), whole)

    def _send(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> requests.Response:
        return self._session.request(
            method,
            f"{self._base}{path}",
            data=data,
            headers=dict(headers),
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        )


def decode(content: bytes, kind: type[T]) -> T:
    """An answer as its type; one that cannot be understood is as good as none."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DinasAwayError(f"an answer that is no {kind.__name__}") from error


def as_a(kind: type[T]) -> Callable[[bytes], T]:
    """``decode`` for one type."""
    return lambda content: decode(content, kind)


def problem_error(status: int, content: bytes, headers: Mapping[str, str]) -> DinasProblemError:
    """The problem of an answer; one without a readable body goes by its status."""
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        problem = Problem(status=status)
    wait = problem.retry_after_s
    if wait is None and _SECONDS.fullmatch(headers.get("Retry-After", "")):
        wait = int(headers["Retry-After"])
    known = problem.type if _TYPE.fullmatch(problem.type) else "about:blank"
    problem = msgspec.structs.replace(problem, type=known, retry_after_s=None if wait is None else max(0, wait))
    return DinasProblemError(problem, _KNOWN.get(problem.type, ProblemType.OTHER), status)


def _require_answer(status: int, content: bytes, headers: Mapping[str, str]) -> None:
    if status >= 400:
        raise problem_error(status, content, headers)
    if 300 <= status < 400 and status != 304:
        raise DinasAwayError(f"redirect {status}")


def _parts(answer: requests.Response, largest: int, within: float) -> Iterator[bytes]:
    """The body as it comes in. DinasAwayError when it is larger than any of the contract, or comes too slowly."""
    until, size = time.monotonic() + within, 0
    while part := answer.raw.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > largest:
            raise DinasAwayError("an answer larger than any of the contract")
        yield part
        if time.monotonic() > until:
            raise DinasAwayError("an answer that comes too slowly")
