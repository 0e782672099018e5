"""The two templates, and the messages made of them, as plain data in the form of the Cloud API."""

from __future__ import annotations

import io
import re
from typing import Any

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

LANGUAGE = "id"
PIN_TEMPLATE = "adm_pin"
QR_TEMPLATE = "adm_qr"
QR_PREFIX = "ADM1:"
FOREVER = -1  # time to live: 30 days (the default of authentication templates is ten minutes)

PIN_DEFINITION: dict[str, Any] = {
    "name": PIN_TEMPLATE,
    "language": LANGUAGE,
    "category": "AUTHENTICATION",
    "message_send_ttl_seconds": FOREVER,
    # No code_expiration_minutes: it goes up to 90, and this PIN is good for days.
    "components": [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Salin kode"}]},
    ],
}
QR_DEFINITION: dict[str, Any] = {
    "name": QR_TEMPLATE,
    "language": LANGUAGE,
    "category": "UTILITY",
    "components": [
        # The handle of an uploaded example picture; the review of a template with a picture asks for one.
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::contoh-qr"]}},
        {
            "type": "BODY",
            "text": "Dokumen Anda siap dicetak di Anjungan Dukcapil Mandiri. Tunjukkan kode QR ini ke mesin, lalu "
            "ketik PIN dari pesan sebelumnya. Tanpa PIN, kode QR ini tidak bisa mencetak apa pun.",
        },
        {"type": "FOOTER", "text": "Disdukcapil Kabupaten Tuban"},
    ],
}

# What header pictures are cut to when a chat shows them: a square QR would lose its upper and lower edge.
PICTURE_SIZE = (1200, 628)
QR_SIDE = 560


def pin_message(phone: str, pin: str, message_id: str) -> dict[str, Any]:
    """The PIN: once in the text, once for the copy-code button (an OTP button is sent as sub_type url)."""
    code = [{"type": "text", "text": pin}]
    components = [
        {"type": "body", "parameters": code},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
    ]
    return _message(phone, PIN_TEMPLATE, components, message_id)


def qr_message(phone: str, media_id: str, message_id: str) -> dict[str, Any]:
    """The QR as the picture at the head of a message."""
    components = [{"type": "header", "parameters": [{"type": "image", "image": {"id": media_id}}]}]
    return _message(phone, QR_TEMPLATE, components, message_id)


def _message(phone: str, template: str, components: list[dict[str, Any]], message_id: str) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": phone,
        "type": "template",
        "template": {"name": template, "language": {"code": LANGUAGE}, "components": components},
        # Comes back with each status, so that a message whose answer was lost is still found.
        "biz_opaque_callback_data": message_id,
    }


def qr_picture(handle: str) -> bytes:
    """PNG of the QR ("ADM1:<handle>") in the middle of a picture that a chat shows whole."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(QR_PREFIX + handle)
    code.make(fit=True)
    square = code.make_image().get_image().convert("1")
    by = max(1, QR_SIDE // (code.modules_count + 2 * code.border))
    side = by * (code.modules_count + 2 * code.border)
    square = square.resize((side, side), Image.Resampling.NEAREST)
    picture = Image.new("1", PICTURE_SIZE, 1)
    picture.paste(square, ((PICTURE_SIZE[0] - side) // 2, (PICTURE_SIZE[1] - side) // 2))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def international(phone: str) -> str:
    """An Indonesian number as people type it, in the form of WhatsApp: 62..., digits only. ValueError if it is none."""
    digits = re.sub(r"[\s().-]", "", phone).removeprefix("+")
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8"):
        digits = "62" + digits
    if not re.fullmatch(r"62[0-9]{8,13}", digits):
        raise ValueError("not an Indonesian phone number")
    return digits
