"""A card is drawn from genuine content of its own permit, and whatever is written on it fits."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from small_dinas import FIELDS, Party, card_payload, party, photo, revocation_list, sign_card

from kiosk.documents.card_check import CardContent, check_card
from kiosk.documents.card_faces import draw_face
from kiosk.documents.card_layout import load_layout
from kiosk.documents.prepared import DocumentError
from kiosk.protocol import NoticeKind

PERMIT = "0197a3f2-5b1c-7d60-8f3e-0123456789ab"
LAYOUTS = Path(__file__).parents[3] / "config" / "card_layouts"
PRINTER_PX = (1016, 638)


@pytest.fixture(scope="module")
def root() -> Party:
    return party("Akar Uji (SPESIMEN)")


@pytest.fixture(scope="module")
def signer(root: Party) -> Party:
    return party("Kepala Dinas Uji", root)


@pytest.fixture(scope="module")
def stranger() -> Party:
    return party("Orang Lain", party("Akar Asing"))


async def refusal(signed: bytes, root: Party, crls: list[object]) -> tuple[NoticeKind, str]:
    with pytest.raises(DocumentError) as caught:
        await check_card(signed, [root.asn1], crls, permit_id=PERMIT, document="ktp-el")
    return caught.value.kind, caught.value.reason


async def test_genuine_content_is_read_and_its_unknown_members_passed_over(root: Party, signer: Party) -> None:
    signed = sign_card(card_payload(PERMIT), signer)

    content = await check_card(signed, [root.asn1], [revocation_list(root)], permit_id=PERMIT, document="ktp-el")

    assert (content.fields, content.photo) == (FIELDS, photo())
    assert "SITI" not in repr(content)


async def test_only_what_a_sample_authority_signed_is_marked(root: Party, signer: Party) -> None:
    real_root = party("Akar Kartu")
    real = party("Penerbit Kartu", real_root)
    marked = await check_card(
        sign_card(card_payload(PERMIT), signer), [root.asn1], [revocation_list(root)], permit_id=PERMIT,
        document="ktp-el",
    )  # fmt: skip
    plain = await check_card(
        sign_card(card_payload(PERMIT), real), [real_root.asn1], [revocation_list(real_root)], permit_id=PERMIT,
        document="ktp-el",
    )  # fmt: skip

    assert (marked.specimen, plain.specimen) == (True, False)


async def test_refusals(root: Party, signer: Party, stranger: Party) -> None:
    crls = [revocation_list(root)]
    good = sign_card(card_payload(PERMIT), signer)
    head, body, signature = good.split(b".")
    other_body = base64.urlsafe_b64encode(card_payload(PERMIT, fields={"nama": "LAIN"})).rstrip(b"=")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=")
    not_genuine, damaged = NoticeKind.NOT_GENUINE, NoticeKind.DAMAGED

    found = [
        await refusal(b".".join((head, other_body, signature)), root, crls),
        await refusal(b".".join((unsigned, body, b"")), root, crls),
        await refusal(sign_card(card_payload(PERMIT), stranger), root, crls),
        await refusal(sign_card(card_payload(PERMIT), stranger, shown=signer), root, crls),
        await refusal(good, root, [revocation_list(root, signer)]),
        await refusal(sign_card(card_payload(PERMIT[::-1]), signer), root, crls),
        await refusal(sign_card(card_payload(PERMIT, document="kia"), signer), root, crls),
        await refusal(sign_card(b"[]", signer), root, crls),
        await refusal(sign_card(card_payload(PERMIT, photo="*"), signer), root, crls),
    ]

    assert found == [
        (not_genuine, "signature-broken"),
        (not_genuine, "not-signed"),
        (not_genuine, "signature-foreign"),
        (not_genuine, "signature-broken"),
        (not_genuine, "signer-revoked"),
        (damaged, "wrong-permit"),
        (damaged, "wrong-document"),
        (damaged, "no-card-content"),
        (damaged, "no-card-content"),
    ]


async def test_without_a_revocation_list_no_card_is_printed_and_nobody_is_told_of_a_forgery(
    root: Party, signer: Party, stranger: Party
) -> None:
    good, foreign = (sign_card(card_payload(PERMIT), one) for one in (signer, stranger))

    assert await refusal(good, root, []) == (NoticeKind.DINAS_AWAY, "revocation-unknown")
    assert await refusal(foreign, root, []) == (NoticeKind.NOT_GENUINE, "signature-foreign")


@pytest.mark.parametrize("name", ["ktp-el", "kia"])
@pytest.mark.parametrize(
    "changes",
    [
        {"nama": "SUKARNO"},
        {"nama": ("RADEN AYU KARTIKA NINGRUM WIDYASTUTI SURYANINGRAT PUTRI DEWI")[:60]},
        {"nama": "X" * 60},
        {"alamat": "DUSUN KRAJAN KIDUL GANG MASJID BAITURRAHMAN NOMOR 117 BLOK C PERUMAHAN BUKIT KARANG INDAH"},
    ],
)
def test_names_and_addresses_of_any_length_stay_off_the_photo_and_the_edge(name: str, changes: dict[str, str]) -> None:
    layout = load_layout(LAYOUTS / f"{name}.toml")

    face = draw_face(CardContent({**FIELDS, **changes}), layout, PRINTER_PX).convert("L")

    plain = draw_face(CardContent(FIELDS), layout, PRINTER_PX).convert("L")
    assert face.size == PRINTER_PX
    assert face.tobytes() != plain.tobytes()
    scale = PRINTER_PX[0] / 85.60
    for box in layout.picture:
        if box.field == "photo":
            left, top = round(box.x * scale), round(box.y * scale)
            right, low = round((box.x + box.width) * scale), round((box.y + box.height) * scale)
            assert face.crop((left, top, right, low)).getextrema() == (255, 255)
    bottom = face.crop((0, PRINTER_PX[1] - 6, *PRINTER_PX))
    assert bottom.getextrema() == (255, 255)


def test_a_picture_that_cannot_be_read_is_damaged() -> None:
    layout = load_layout(LAYOUTS / "ktp-el.toml")

    with pytest.raises(DocumentError, match="picture-broken"):
        draw_face(CardContent(FIELDS, photo=b"bukan gambar"), layout, PRINTER_PX)
    with pytest.raises(DocumentError, match="picture-too-large"):
        draw_face(CardContent(FIELDS, photo=photo((3000, 2000))), layout, PRINTER_PX)
