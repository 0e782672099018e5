"""What passes between engine and screen survives the wire, and nothing else is taken for it."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from kiosk import protocol as p

DOCUMENT = p.Document("p1", "kk", "Kartu Keluarga", "S*** A****", p.Medium.A4, p.DocumentState.READY, 60, pages=1)
MEDIA = (p.MediumState(p.Medium.CARD, False, 120, p.Trouble.RESTING),)
VIEWS: tuple[p.View, ...] = (
    p.HomeView(MEDIA, (p.Way.NIK, p.Way.QR)),
    p.HowToView(),
    p.HelpView("loket 1"),
    p.ScanView(p.ScanFault.FOREIGN),
    p.NikView(p.NikFault.DATE),
    p.PinView(p.Way.NIK, "0021", wrong=True, attempts_left=2),
    p.DocumentsView("S*** A****", (DOCUMENT,)),
    p.ConfirmView((DOCUMENT,), 60),
    p.PrintingView(DOCUMENT, 1, 2, (p.Step.CLAIM, p.Step.PRINT), p.Step.PRINT, 40, 0.5, p.Trouble.MEDIA_JAM),
    p.TakeView(DOCUMENT, p.Part.PAPER_TRAY, 40, 90, False, "KTP-el"),
    p.ThanksView((p.Ended("KK", p.EndState.KEPT, p.NoticeKind.CHIP_FAULT),), p.ReceiptState.NONE),
    p.NoticeView(p.NoticeKind.LOCKED, (p.Action.HELP,), seconds=900),
    p.OutOfServiceView(p.OutReason.NO_PRINTER, MEDIA, "loket 1"),
)
INTENTS: tuple[p.Intent, ...] = (
    p.Begin(p.Way.QR),
    p.EnterNik("3523161708790021"),
    p.EnterPin("123456"),
    p.Choose(("p1", "p2")),
    p.Confirm(),
    p.Taken(),
    p.Act(p.Action.RETRY),
    p.Back(),
    p.Finish(),
    p.AskHelp(),
    p.AskHowTo(),
    p.Touched(),
)


def test_samples_cover_every_view_and_every_intent() -> None:
    assert {type(view) for view in VIEWS} == set(get_args(p.View))
    assert {type(intent) for intent in INTENTS} == set(get_args(p.Intent))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_view_survives_the_wire_as_one_line(view: p.View) -> None:
    show = p.Show(7, "Mall Pelayanan Publik Tuban", view, still_there_s=12)

    line = p.encode(show)

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert p.decode_show(line) == show


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: type(intent).__name__)
def test_intent_survives_the_wire_as_one_line(intent: p.Intent) -> None:
    said = p.Said(7, intent)

    line = p.encode(said)

    assert line.count(b"\n") == 1
    assert p.decode_said(line) == said


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"null", b'{"page": 1}', b'{"page": 1, "intent": {"type": "print_everything"}}', b"\xff\xfe"],
)
def test_what_is_no_intent_is_refused(line: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        p.decode_said(line)


@pytest.mark.parametrize("union", [p.View, p.Intent])
def test_tags_are_told_apart(union: object) -> None:
    tags = [kind.__struct_config__.tag for kind in get_args(union)]

    assert len(set(tags)) == len(tags)
