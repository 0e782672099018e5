"""Looks at the line to the Dinas: does it answer, does it know this kiosk, and do the clocks agree."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import requests
from cryptography.x509.oid import NameOID

from kiosk.dinas.contract import KioskInfo
from kiosk.maintenance.check_files import read_certificates
from kiosk.maintenance.findings import Finding, attention, broken, ok
from kiosk.settings import Settings

SUBJECT = "Dinas"
CLOCK = "Jam"
# Signatures and certificates are judged by the clock; a minute is more than a set clock ever strays.
CLOCK_ATTENTION_S = 60
CLOCK_BROKEN_S = 300


def dinas(settings: Settings) -> Iterator[Finding]:
    """Ask GET /v1/kiosk with the kiosk's own certificate, as the engine does."""
    line = settings.dinas
    with requests.Session() as session:
        session.trust_env = False  # no proxies and no CA list of the environment: what is configured, and nothing else
        session.verify, session.cert = line.ca, (line.certificate, line.key)
        asked = time.time()
        try:
            answer = session.get(
                line.url.rstrip("/") + "/v1/kiosk", timeout=(line.connect_s, line.answer_s), allow_redirects=False
            )
        except requests.exceptions.SSLError as error:
            yield broken(SUBJECT, f"sambungan aman ditolak ({_reason(error)})", "Periksa jam, CA Dinas dan sertifikat.")
            return
        except requests.exceptions.Timeout:
            yield broken(
                SUBJECT, "tidak menjawab pada waktunya", "Periksa jaringan: kabel, modem, lalu ping alamatnya."
            )
            return
        except requests.exceptions.RequestException as error:
            yield broken(
                SUBJECT, f"tidak dapat dihubungi ({_reason(error)})", "Periksa jaringan dan alamat di setelan."
            )
            return
        except OSError as error:  # requests does not wrap what is wrong with the files themselves
            what = f"tidak ditanya: sertifikat, kunci atau CA tidak dapat dipakai ({error})"
            yield broken(SUBJECT, what, "Bereskan dahulu yang disebut pada CA Dinas, sertifikat dan kunci.")
            return
        answered = time.time()
    if answer.status_code in (401, 403):
        yield broken(
            SUBJECT, f"menolak anjungan ini ({answer.status_code})", "Tanyakan kepada Dinas: terdaftar, aktif?"
        )
        return
    try:
        info = msgspec.json.decode(answer.content, type=KioskInfo)
    except (msgspec.DecodeError, UnicodeDecodeError):
        what = f"jawabannya tidak dikenal ({answer.status_code})"
        yield broken(SUBJECT, what, "Periksa alamat di setelan; bila benar, tanyakan kepada Dinas.")
        return
    yield _identity(settings, info, answered - asked)
    yield _clock(info.time, (asked + answered) / 2)


def _identity(settings: Settings, info: KioskInfo, seconds: float) -> Finding:
    what = f"menjawab dalam {seconds:.1f} detik, mengenal mesin ini sebagai {info.kiosk_id}"
    try:
        certificate = read_certificates(Path(settings.dinas.certificate))[0]
    except ValueError:
        return ok(SUBJECT, what)  # loopback without TLS; the certificate itself has a finding of its own
    names = [str(name.value) for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if info.kiosk_id not in names:
        remedy = "Sertifikat mungkin milik mesin lain. Tanyakan kepada Dinas."
        return attention(SUBJECT, f"{what}, tetapi sertifikat bernama {', '.join(names)}", remedy)
    return ok(SUBJECT, what)


def _clock(theirs: datetime, ours: float) -> Finding:
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    apart = ours - theirs.timestamp()
    what = f"selisih {abs(apart):.0f} detik dengan jam Dinas"
    if abs(apart) < CLOCK_ATTENTION_S:
        return ok(CLOCK, what)
    remedy = "Setel jam: timedatectl set-ntp true, atau timedatectl set-time."
    return broken(CLOCK, what, remedy) if abs(apart) >= CLOCK_BROKEN_S else attention(CLOCK, what, remedy)


def _reason(error: BaseException) -> str:
    """The innermost reason; what requests and urllib3 wrap around it repeats addresses and objects."""
    while inner := _inner(error):
        error = inner
    return str(error.args[-1] if error.args else error)


def _inner(error: BaseException) -> BaseException | None:
    candidates = (*error.args, getattr(error, "reason", None))
    return next((candidate for candidate in candidates if isinstance(candidate, BaseException)), None)
