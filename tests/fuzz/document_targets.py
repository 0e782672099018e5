"""Targets: the line between engine and screen, answers of the Dinas, and what is in a bundle."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import re
import sys
from pathlib import Path

import msgspec
from targets import Target

from kiosk import protocol
from kiosk.dinas.contract import Claim, ContentKey, DinasAwayError, DinasProblemError, Session
from kiosk.dinas.wire import decode, problem_error
from kiosk.documents.bundle import open_bundle
from kiosk.documents.card_check import CardContent, check_card
from kiosk.documents.pdf_check import check_pdf
from kiosk.documents.prepared import DocumentError

sys.path.append(str(Path(__file__).parents[1] / "kiosk" / "documents"))

import small_dinas

PERMIT = "0197a3f2-5b1c-7d60-8f3e-0123456789ab"
KEY = bytes(range(32))
CONTENT_KEY = ContentKey("oct", base64.urlsafe_b64encode(KEY).rstrip(b"=").decode())
_run = asyncio.new_event_loop().run_until_complete


# -- engine and screen


def screen_line(data: bytes) -> None:
    for read in (protocol.decode_show, protocol.decode_said):
        with contextlib.suppress(msgspec.DecodeError):
            message = read(data)
            assert read(protocol.encode(message)) == message


def screen_lines() -> list[bytes]:
    media = (protocol.MediumState(protocol.Medium.CARD, False, 120, protocol.Trouble.RESTING),)
    views = (
        protocol.HomeView(media, (protocol.Way.NIK, protocol.Way.QR)),
        protocol.PinView(protocol.Way.NIK, "0021", wrong=True, attempts_left=2),
        protocol.NoticeView(protocol.NoticeKind.LOCKED, (protocol.Action.HELP,), seconds=900),
    )
    intents = (protocol.Begin(protocol.Way.QR), protocol.Choose(("p1", "p2")), protocol.EnterPin("123456"))
    shows = [protocol.encode(protocol.Show(7, "Tuban", view, still_there_s=12)) for view in views]
    return shows + [protocol.encode(protocol.Said(7, intent)) for intent in intents]


# -- Dinas


def dinas_answer(data: bytes) -> None:
    for kind in (Session, Claim):
        with contextlib.suppress(DinasAwayError):
            assert isinstance(decode(data, kind), kind)
    error = problem_error(422, data, {"Retry-After": data[:8].decode("latin-1")})
    assert isinstance(error, DinasProblemError)
    assert "\n" not in str(error)
    assert (error.problem.retry_after_s or 0) >= 0


def dinas_answers() -> list[bytes]:
    return [
        b'{"session_token":"t","expires_at":"2026-11-24T03:00:00Z","applicant":{"name":"S"},"permits":[]}',
        b'{"type":"urn:adm:problem:locked","title":"Terkunci","status":422,"retry_after_s":900,"attempts_left":0}',
    ]


# -- bundles


@functools.cache
def _parties() -> tuple[small_dinas.Party, small_dinas.Party]:
    root = small_dinas.party("Akar Uji (SPESIMEN)")
    return root, small_dinas.party("Kepala Dinas Uji", root)


@functools.cache
def _lists() -> list[object]:
    return [small_dinas.revocation_list(_parties()[0])]


def bundle(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert open_bundle(data, CONTENT_KEY, PERMIT).content == b"isi", "what was not sealed was opened"


def bundles() -> list[bytes]:
    return [small_dinas.seal(b"isi", PERMIT, KEY)]


@functools.cache
def _card() -> bytes:
    return small_dinas.sign_card(
        b'{"permit_id":"%s","document":"ktp-el","fields":{"nama":"SITI"}}' % PERMIT.encode(), _parties()[1]
    )


def card(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        found = _run(check_card(data, [_parties()[0].asn1], _lists(), permit_id=PERMIT, document="ktp-el"))
        assert isinstance(found, CardContent)
        assert found.fields == {"nama": "SITI"}, "a card that nobody signed"


@functools.cache
def _pdf() -> bytes:
    return small_dinas.sign_pdf(small_dinas.plain_pdf(), _parties()[1])


def pdf(data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        _run(check_pdf(data, [_parties()[0].asn1], _lists(), 2))
        before, after = (int(number) for number in re.findall(rb"/ByteRange \[0 (\d+) (\d+) ", _pdf())[0])
        # the room around the signature is covered by none
        assert (data[:before], data[after:]) == (_pdf()[:before], _pdf()[after:]), "a document that nobody signed"


def pdfs() -> list[bytes]:
    smallest = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \n"
        b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n104\n%%EOF\n"
    )
    return [_pdf(), small_dinas.plain_pdf(), smallest]


TARGETS = (
    Target("screen-line", screen_line, screen_lines, 600),
    Target("dinas-answer", dinas_answer, dinas_answers, 600),
    Target("bundle", bundle, bundles, 600),
    Target("card", card, lambda: [_card()], 2048),
    Target("pdf", pdf, pdfs, 1024),
)
