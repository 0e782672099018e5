"""What the Dinas and the Cloud API know of each other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class WhatsAppSettings:
    """Addresses, numbers and secrets of one WhatsApp business account. ``repr``, and so a log, shows no secret."""

    graph_url: str  # without the version
    phone_number_id: str
    account_id: str  # WhatsApp business account (WABA)
    access_token: str = field(repr=False)
    app_secret: str = field(repr=False)  # signs webhooks
    verify_token: str = field(repr=False)  # of the webhook's GET
    version: str = "v23.0"
    display_phone_number: str = "62356000000"  # invented

    @classmethod
    def invented(cls, graph_url: str) -> WhatsAppSettings:
        """An account of a simulated world, with fresh secrets."""
        return cls(
            graph_url=graph_url.rstrip("/"),
            phone_number_id=str(10**14 + secrets.randbelow(10**14)),
            account_id=str(10**14 + secrets.randbelow(10**14)),
            access_token=secrets.token_urlsafe(32),
            app_secret=secrets.token_hex(16),
            verify_token=secrets.token_urlsafe(16),
        )
