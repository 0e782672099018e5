"""What the supervisor is told: systemd's notification socket (sd_notify(3)). Without a supervisor nothing happens."""

from __future__ import annotations

import os
import socket

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def notify(state: str) -> bool:
    """Send one state; True if a supervisor was there to be told. Never raises: a lost supervisor is not our fault."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.settimeout(1.0)
            # A leading @ names a socket in the abstract namespace.
            channel.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
    except OSError:
        return False
    return True


def longer(seconds: float) -> str:
    """The state that asks for more time before the supervisor gives up waiting, from now on."""
    return f"EXTEND_TIMEOUT_USEC={round(seconds * 1_000_000)}"


def watchdog_interval() -> float | None:
    """Seconds between two signs of life: half of what the supervisor allows, or None if it does not watch us."""
    allowed = os.environ.get("WATCHDOG_USEC", "")
    watched = os.environ.get("WATCHDOG_PID", "")
    if not allowed.isdigit() or int(allowed) == 0 or (watched and watched != str(os.getpid())):
        return None
    return int(allowed) / 2_000_000
