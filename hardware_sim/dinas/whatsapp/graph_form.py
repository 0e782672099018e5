"""The form of what the Cloud API takes, checked as strictly as it is described; wrong ones get its error codes.

Written from the API's description alone and apart from `templates`, so that a mistake there is not repeated here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

CODE_LENGTH = 15  # longest parameter of an authentication template
CALLBACK_LENGTH = 512
TTL_AUTHENTICATION = (30, 900)  # seconds; or -1
TTL_UTILITY = (30, 43200)
FOREVER_S = 30 * 86400  # what -1 stands for, and the default of utility templates
DEFAULT_AUTHENTICATION_S = 600


class GraphError(Exception):
    """An answer other than 2xx, in the form of the Graph API."""

    def __init__(self, status: int, code: int, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "Simulasi",
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error}


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    """Members that the API does not know are refused."""


class TextParameter(_Strict, tag_field="type", tag="text"):
    text: str


class MediaId(_Strict):
    id: str


class ImageParameter(_Strict, tag_field="type", tag="image"):
    image: MediaId


Parameter = TextParameter | ImageParameter


class Header(_Strict, tag_field="type", tag="header"):
    parameters: list[Parameter]


class Body(_Strict, tag_field="type", tag="body"):
    parameters: list[TextParameter]


class Button(_Strict, tag_field="type", tag="button"):
    sub_type: str
    index: str | int
    parameters: list[TextParameter]


class Language(_Strict):
    code: str


class TemplateUse(_Strict):
    name: str
    language: Language
    components: list[Header | Body | Button] = []


class MessageForm(_Strict):
    """Body of POST /{phone-number-id}/messages with a template."""

    messaging_product: str
    to: str
    type: str
    template: TemplateUse
    recipient_type: str = "individual"
    biz_opaque_callback_data: str = ""


class TemplateForm(_Strict):
    """Body of POST /{account-id}/message_templates. The components are open: they vary with the category."""

    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    message_send_ttl_seconds: int | None = None

    @property
    def time_to_live_s(self) -> int:
        if self.message_send_ttl_seconds == -1:
            return FOREVER_S
        if self.message_send_ttl_seconds is not None:
            return self.message_send_ttl_seconds
        return DEFAULT_AUTHENTICATION_S if self.authentication else FOREVER_S

    @property
    def authentication(self) -> bool:
        return self.category.upper() == "AUTHENTICATION"

    def component(self, kind: str) -> dict[str, Any]:
        """The component of this type, or an empty one."""
        return next((c for c in self.components if str(c.get("type", "")).upper() == kind), {})


_message_decoder = msgspec.json.Decoder(MessageForm)
_template_decoder = msgspec.json.Decoder(TemplateForm)


def parse_message(raw: bytes) -> MessageForm:
    """What is asked to be sent. GraphError if the form is wrong."""
    _must_be_a_template(raw)
    try:
        form = _message_decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise GraphError(400, 100, "Invalid parameter", str(error)) from None
    if form.messaging_product != "whatsapp":
        raise GraphError(400, 100, "Invalid parameter", "messaging_product must be whatsapp")
    if form.recipient_type != "individual":
        raise GraphError(400, 100, "Invalid parameter", "recipient_type must be individual")
    if not re.fullmatch(r"[1-9][0-9]{7,14}", form.to):
        raise GraphError(400, 131009, "Parameter value is not valid", "to is not a phone number")
    if len(form.biz_opaque_callback_data) > CALLBACK_LENGTH:
        raise GraphError(400, 131009, "Parameter value is not valid", "biz_opaque_callback_data is too long")
    return form


def _must_be_a_template(raw: bytes) -> None:
    """Anything but a template outside of the 24 hours after a person wrote to us is refused, whatever else is in it."""
    try:
        kind = msgspec.json.decode(raw)["type"]
    except (msgspec.MsgspecError, KeyError, TypeError):
        return
    if kind != "template":
        raise GraphError(400, 131047, "Re-engagement message", "more than 24 hours since the customer last replied")


def parse_template(raw: bytes) -> TemplateForm:
    """A template to be made. GraphError if it would not be approved."""
    try:
        form = _template_decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise GraphError(400, 100, "Invalid parameter", str(error)) from None
    category = form.category.upper()
    if category not in ("AUTHENTICATION", "UTILITY"):
        raise GraphError(400, 100, "Invalid parameter", "category must be AUTHENTICATION or UTILITY here")
    if not re.fullmatch(r"[a-z0-9_]{1,512}", form.name):
        raise GraphError(400, 100, "Invalid parameter", "name: small letters, digits and underscores")
    low, high = TTL_AUTHENTICATION if form.authentication else TTL_UTILITY
    ttl = form.message_send_ttl_seconds
    if ttl is not None and not low <= ttl <= high and not (form.authentication and ttl == -1):
        raise GraphError(400, 100, "Invalid parameter", f"message_send_ttl_seconds must be {low} to {high}")
    if form.authentication:
        _check_authentication(form)
    elif not form.component("BODY").get("text"):
        raise GraphError(400, 100, "Invalid parameter", "a utility template needs a BODY with text")
    return form


def _check_authentication(form: TemplateForm) -> None:
    """Fixed text, one OTP button, no media, and nothing of one's own wording."""
    if form.component("HEADER") or form.component("BODY").get("text"):
        raise GraphError(400, 100, "Invalid parameter", "authentication templates have a fixed body and no header")
    minutes = form.component("FOOTER").get("code_expiration_minutes")
    if minutes is not None and not 1 <= int(minutes) <= 90:
        raise GraphError(400, 100, "Invalid parameter", "code_expiration_minutes must be 1 to 90")
    buttons = form.component("BUTTONS").get("buttons", [])
    if len(buttons) != 1 or str(buttons[0].get("type", "")).upper() != "OTP":
        raise GraphError(400, 100, "Invalid parameter", "an authentication template has exactly one OTP button")


def check_use(form: MessageForm, template: TemplateForm) -> None:
    """The parameters of a message against its template. GraphError with the code of what does not fit."""
    headers = [c for c in form.template.components if isinstance(c, Header)]
    bodies = [c for c in form.template.components if isinstance(c, Body)]
    buttons = [c for c in form.template.components if isinstance(c, Button)]
    if template.authentication:
        _check_code(headers, bodies, buttons)
        return
    wanted = len(set(re.findall(r"\{\{\w+\}\}", str(template.component("BODY").get("text", "")))))
    if sum(len(body.parameters) for body in bodies) != wanted:
        raise _count(f"body: {wanted} parameters are expected")
    pictures = [p for header in headers for p in header.parameters if isinstance(p, ImageParameter)]
    with_picture = template.component("HEADER").get("format", "").upper() == "IMAGE"
    if len(pictures) != int(with_picture):
        raise GraphError(400, 132012, "Parameter format does not match", "header: an image is expected or unexpected")
    if buttons:
        raise _count("button: no parameters are expected")


def _check_code(headers: list[Header], bodies: list[Body], buttons: list[Button]) -> None:
    if headers:
        raise GraphError(400, 132012, "Parameter format does not match", "authentication templates have no header")
    if len(bodies) != 1 or len(bodies[0].parameters) != 1:
        raise _count("body: 1 parameter is expected")
    if len(buttons) != 1 or len(buttons[0].parameters) != 1:
        raise _count("button: 1 parameter is expected")
    if buttons[0].sub_type != "url" or str(buttons[0].index) != "0":
        raise GraphError(400, 132012, "Parameter format does not match", "button: sub_type url, index 0")
    code = bodies[0].parameters[0].text
    if not 1 <= len(code) <= CODE_LENGTH:
        raise GraphError(400, 132005, "Translated text too long", f"a code has 1 to {CODE_LENGTH} characters")
    if buttons[0].parameters[0].text != code:
        raise GraphError(400, 132012, "Parameter format does not match", "button and body differ")


def _count(details: str) -> GraphError:
    return GraphError(400, 132000, "Number of parameters does not match the expected number of params", details)
