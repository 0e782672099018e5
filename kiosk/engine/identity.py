"""Who this kiosk is: its certificate, the key to it, and the CA of the Dinas, looked at once at the start."""

from __future__ import annotations

import ssl
from pathlib import Path

from kiosk.dinas.client import kiosk_id_of
from kiosk.settings import Dinas


class IdentityError(Exception):
    """Certificate, key or CA cannot be used; the text names the file."""


def identify(dinas: Dinas) -> str:
    """The kiosk's id, once its files are fit for a connection to the Dinas. Raises IdentityError.

    Without this a lost key would look like a line that is down for ever.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(dinas.ca)
    except OSError as error:
        raise IdentityError(f"{dinas.ca}: expected the CA of the Dinas in PEM ({_why(error)})") from error
    try:
        Path(dinas.key).read_bytes()  # the library's own complaint does not say which of the two files it is about
    except OSError as error:
        raise IdentityError(f"{dinas.key}: expected the key of the kiosk's certificate ({_why(error)})") from error
    try:
        kiosk_id = kiosk_id_of(Path(dinas.certificate))
        context.load_cert_chain(dinas.certificate, dinas.key, password="")
    except (OSError, ValueError) as error:
        raise IdentityError(
            f"{dinas.certificate}: expected the kiosk's certificate in PEM, fitting {dinas.key} ({_why(error)})"
        ) from error
    return kiosk_id


def _why(error: Exception) -> str:
    """In a line, and without the file's name where the sentence has it already."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error).splitlines()[0]
