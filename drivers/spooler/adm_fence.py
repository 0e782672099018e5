#!/usr/bin/python3 -IS
"""adm-fence: the CUPS backend that lets each attempt reach its printer at most once.

CUPS sends a job again after a crash, by design (a job that was printing becomes pending when cupsd starts; apple/cups
issue 3810). So each queue of the kiosk ends here: before the first byte goes to the device, the attempt's claim is made
durable by an exclusive create; whoever comes second is held and never sent.

Device URI: ``adm-fence:/ipp://host:port/ipp/print`` (what follows ``adm-fence:/`` is the real device URI).
Key of the claim: the job's title, which is the attempt id and nothing else.
Folder of claims: the first line of ``adm-fence.conf`` in CUPS' ServerRoot (/etc/cups), else /var/lib/adm-fence. A file,
because cupsd hands its backends only the environment it makes itself. The folder must be writable for the user of the
backends (lp) and for the kiosk.

Install as ``/usr/lib/cups/backend/adm-fence``, owner root, mode 0755. Only the standard library, and little of it: the
program starts anew for every job.
"""

from __future__ import annotations

import _socket  # the C half of socket: the Python half costs 8 of 18 ms of each job
import fcntl
import os
import sys
import time

TYPE_CHECKING = False  # typing costs 5 ms of each job
if TYPE_CHECKING:
    from typing import NoReturn

# Exit codes of cups/backend.h, and what they make of the job (measured for each error policy of CUPS 2.4).
OK = 0
FAILED = 1  # with the policy abort-job: the job is aborted
HOLD = 3  # the job is held until somebody decides
STOP = 4  # the queue is stopped
CANCEL = 5  # the job is cancelled

DEFAULT_CLAIMS = "/var/lib/adm-fence"
ATTEMPT_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
CONNECT_S = 5.0  # a printer on the kiosk's own wire answers in milliseconds
DEFAULT_PORTS = {"ipp": 631, "ipps": 631, "socket": 9100}


def claims_folder() -> str:
    conf = os.path.join(os.environ.get("CUPS_SERVERROOT", "/etc/cups"), "adm-fence.conf")  # noqa: PTH118  # pathlib costs 8 ms of each job
    try:
        with open(conf, encoding="utf-8") as lines:  # noqa: PTH123  # as above
            return lines.readline().strip() or DEFAULT_CLAIMS
    except FileNotFoundError:
        return DEFAULT_CLAIMS


READABLE_BY_KIOSK = 0o640  # cupsd starts its backends with umask 077, and the engine reads the claim as evidence


def claim(attempt_id: str, job_id: str) -> None:
    """Make the claim durable: file and folder are on the disk when this returns. FileExistsError for a second try.

    The claim is left open and locked, over the exec too: for as long as the lock is held something may still be sent,
    and the kernel gives it back however the backend ends.
    """
    folder = claims_folder()
    path = os.path.join(folder, attempt_id)  # noqa: PTH118  # as above
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READABLE_BY_KIOSK)
    try:
        os.fchmod(descriptor, READABLE_BY_KIOSK)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # before the text, by which the kiosk knows that there is a lock
        os.write(descriptor, f"fence job {job_id} {int(time.time())} locked\n".encode())
        os.fsync(descriptor)
        os.set_inheritable(descriptor, True)
    except BaseException:
        os.close(descriptor)
        raise
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(device: str) -> bool:
    """Whether the device takes connections.

    Asked before the claim: an attempt that finds the printer switched off surely printed nothing and stays free of
    doubt. Devices that are not on the network are not asked.
    """
    scheme, _, rest = device.partition("://")
    if scheme not in DEFAULT_PORTS:
        return True
    authority = rest.partition("/")[0].rpartition("@")[2]
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        port = port.lstrip(":")
    else:
        host, _, port = authority.partition(":")
    try:
        addresses = _socket.getaddrinfo(host, int(port or DEFAULT_PORTS[scheme]), 0, _socket.SOCK_STREAM)
    except (OSError, ValueError):
        return False
    return any(connects(family, address) for family, _, _, _, address in addresses)


def connects(family: int, address: tuple[object, ...]) -> bool:
    probe = _socket.socket(family, _socket.SOCK_STREAM)
    probe.settimeout(CONNECT_S)
    try:
        probe.connect(address)
    except OSError:
        return False
    finally:
        probe.close()
    return True


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201  # how a backend speaks to cupsd


def fence(arguments: list[str]) -> int:
    """Claim, then become the real backend. Returns an exit code only when nothing may be sent."""
    if len(arguments) not in (6, 7):
        tell("ERROR: adm-fence: called with the wrong number of arguments")
        return STOP
    job_id, attempt_id = arguments[1], arguments[3]
    device = os.environ.get("DEVICE_URI", arguments[0]).partition(":/")[2]
    if not 0 < len(attempt_id) <= 64 or not ATTEMPT_CHARACTERS.issuperset(attempt_id):
        tell("ERROR: adm-fence: the title is not an attempt id; nothing is printed without one")
        return CANCEL
    if not is_there(device):
        tell("ERROR: adm-fence: the printer does not take connections; nothing was sent")
        return FAILED
    backend = os.path.join(os.environ.get("CUPS_SERVERBIN", "/usr/lib/cups"), "backend", device.partition(":")[0])  # noqa: PTH118  # as above
    if not os.access(backend, os.X_OK):
        tell(f"ERROR: adm-fence: no backend {backend}")
        return STOP
    try:
        claim(attempt_id, job_id)
    except FileExistsError:
        tell("ERROR: adm-fence: this attempt was sent before; held for somebody to decide")
        return HOLD
    except OSError as error:
        tell(f"ERROR: adm-fence: no durable claim ({error}); nothing was sent")
        return STOP
    return become(backend, device, arguments)


def become(backend: str, device: str, arguments: list[str]) -> NoReturn:
    """Go on as the real backend, with the job on the same file descriptors."""
    os.environ["DEVICE_URI"] = device
    os.execv(backend, [device, *arguments[1:]])  # noqa: S606  # the arguments are those cupsd gave, without a shell


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print('direct adm-fence "Unknown" "At-most-once fence of the ADM kiosk"')  # noqa: T201  # discovery by cupsd
        sys.exit(OK)
    # cupsd gives the device URI as argument 0, which the interpreter replaces by the script's path; DEVICE_URI has it.
    sys.exit(fence(sys.argv))
