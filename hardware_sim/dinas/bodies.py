"""What may come in, as strict as the contract: a number is no text, and text is no number."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hardware_sim.dinas.model import OutcomeKind

UUID_PATTERN = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
# RFC 3339 section 5.6. datetime.fromisoformat alone takes week dates and times without a zone as well.
_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_LEAP_SECOND = re.compile(r"([Tt]\d{2}:\d{2}):60", re.ASCII)


def _whole(value: Any) -> Any:
    """JSON Schema knows no difference between 1 and 1.0; and true is no number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_time(text: str) -> str:
    parse_time(text)
    return text


def parse_time(text: str) -> datetime:
    """A time of RFC 3339; ValueError if it is none."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not a time of RFC 3339")
    return datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", text.upper()))


Whole = Annotated[int, BeforeValidator(_whole)]
Time = Annotated[str, AfterValidator(_is_time)]
Nik = Annotated[str, Field(pattern=r"^[0-9]{16}$")]
Pin = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Hex = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{2})*$")]


class Body(BaseModel):
    """Members that are not known are passed over."""

    model_config = ConfigDict(strict=True)


class LoginBody(Body):
    pin: Pin
    nik: Nik | None = None
    handle: str | None = None
    assisted_by: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> LoginBody:
        if (self.nik is None) == (self.handle is None):
            raise ValueError("either nik or handle")
        return self


class PinRequestBody(Body):
    nik: Nik


class OutcomeBody(Body):
    outcome: Literal["printed", "not_printed", "spoiled", "unknown"]
    at: Time
    reason: str | None = None
    blank: str | None = None
    settled_by: str | None = None

    @property
    def kind(self) -> OutcomeKind:
        return OutcomeKind(self.outcome)


class RelayBody(Body):
    step: Annotated[Whole, Field(ge=0)]
    responses: list[Hex]
    atr: Hex | None = None


class DeliveryBody(Body):
    route: Literal["courier", "office"]


class EntryBody(Body):
    seq: Annotated[Whole, Field(ge=1)]
    at: Time
    event: str
    data: dict[str, Any]
    prev: str
    hash: str


class AuditBody(Body):
    head: str
    entries: Annotated[list[EntryBody], Field(max_length=500)]
