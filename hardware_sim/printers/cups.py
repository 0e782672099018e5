"""A private cupsd with the kiosk's two queues, for tests, the demo and the world. Runs on Debian 12 and 13.

Everything lies below one folder; /etc/cups is not touched. The queues are made driverless (``everywhere``) and then get
the fence as their device, which keeps what CUPS learned of the printer.
"""

from __future__ import annotations

import contextlib
import grp
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cups

SYSTEM_BIN = Path("/usr/lib/cups")
START_S = 15.0
STOP_S = 10.0
QUEUE_S = 20.0
EVERY_S = 0.02
WORLD_MAY_ENTER = 0o001

CUPSD_CONF = """\
Listen {socket}
LogLevel {log_level}
MaxLogSize 0
Browsing Off
WebInterface No
DefaultAuthType None
DefaultPaperSize A4
DirtyCleanInterval 0
PreserveJobHistory Yes
PreserveJobFiles No
MaxCopies 1
MaxJobTime 300
MultipleOperationTimeout 60
ErrorPolicy abort-job
JobRetryInterval 5
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
# "Printcap" without a value: else cupsd writes one outside of its folder.
CUPS_FILES_CONF = """\
ServerRoot {folder}/etc
StateDir {folder}/run
RequestRoot {folder}/spool
TempDir {folder}/tmp
CacheDir {folder}/cache
DataDir /usr/share/cups
ServerBin {folder}/bin
AccessLog {folder}/log/access_log
ErrorLog {folder}/log/error_log
PageLog {folder}/log/page_log
ServerKeychain {folder}/ssl
FileDevice Yes
Printcap
SyncOnClose Yes
User {user}
Group {group}
SystemGroup {system_group}
"""


@dataclass(frozen=True)
class QueueSpec:
    """A queue: its name, its printer's address, and the PWG media name by which it is known to be ready."""

    name: str
    device: str
    media: str
    fenced: bool = True  # False only to show what CUPS does without the fence


class PrivateCups:
    """A cupsd of our own. ``server`` is its socket and ``claims`` the folder of the fence's claims."""

    def __init__(self, folder: Path, queues: Iterable[QueueSpec], *, log_level: str = "info") -> None:
        """Take a folder that the user of the print system may enter, on a short path (a socket's has 107 bytes)."""
        self.folder = folder
        self.queues = tuple(queues)
        self.server = str(folder / "run" / "cups.sock")
        self.claims = folder / "claims"
        self._log_level = log_level
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration, start cupsd, and make the queues that are not there yet."""
        self._write()
        try:
            self.start_daemon()
            made = self.connection().getPrinters()
            for queue in self.queues:
                if queue.name not in made:
                    self._make(queue)
        except BaseException:
            self.stop()
            raise

    def start_daemon(self) -> None:
        """Start cupsd alone, on what lies in its folder (after a kill: its unfinished jobs)."""
        Path(self.server).unlink(missing_ok=True)
        etc = self.folder / "etc"
        self._process = subprocess.Popen(
            ["cupsd", "-f", "-c", str(etc / "cupsd.conf"), "-s", str(etc / "cups-files.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a signal to our own group is not meant for it
        )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ChildProcessError(f"cupsd ended with {self._process.returncode}; see {self.folder}/log/error_log")
            with contextlib.suppress(RuntimeError):
                self.connection()
                return
            time.sleep(EVERY_S)
        raise TimeoutError(f"cupsd did not answer within {START_S:g} s")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to cupsd alone: filters and backends go on, as after a crash of the daemon."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cut_power(self) -> None:
        """SIGKILL to cupsd and all that it started; its spool lies on tmpfs, so that is gone too."""
        self.kill()
        self.kill_orphans()
        self.empty_spool()

    def kill_orphans(self) -> None:
        """SIGKILL to whatever cupsd started and left behind, as its unit does after a crash (KillMode=mixed)."""
        for pid in self.started():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def empty_spool(self) -> None:
        """As its unit does before each start: the spool is a new tmpfs. Only while cupsd is dead."""
        for file in (self.folder / "spool").glob("[cd]*"):
            file.unlink()

    def started(self) -> dict[int, str]:
        """Filters and backends that run, by pid with their command lines; those of a cupsd that was killed too.

        Found by what cupsd puts into the environment of each: an orphan has another parent, and each is a process
        group of its own.
        """
        mark = f"CUPS_SERVERROOT={self.folder}/etc".encode()
        found: dict[int, str] = {}
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it ended meanwhile, or is another user's
                if mark in (place / "environ").read_bytes().split(b"\0"):
                    found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to cupsd alone."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def stop(self) -> None:
        """End cupsd and whatever it started."""
        self.send_signal(signal.SIGCONT)  # a frozen one hears nothing else
        process, self._process = self._process, None
        if process is None:
            self.kill_orphans()
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        process.kill()
        process.wait()
        self.kill_orphans()

    def error_log(self) -> str:
        return (self.folder / "log" / "error_log").read_text(errors="replace")

    def __enter__(self) -> PrivateCups:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def connection(self) -> Any:
        """A connection of libcups, for the calling thread alone."""
        # The connection must be the default server of the thread, else driverless queues are "not found".
        cups.setServer(self.server)
        return cups.Connection()

    def _write(self) -> None:
        user, group, system_group = _who()
        for name in ("etc", "run", "spool", "spool/tmp", "tmp", "cache", "log", "ssl", "bin", "claims"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        _require_enterable(self.folder)
        values = {
            "folder": self.folder,
            "socket": self.server,
            "log_level": self._log_level,
            "user": user,
            "group": group,
            "system_group": system_group,
        }
        (self.folder / "etc" / "cupsd.conf").write_text(CUPSD_CONF.format(**values))
        (self.folder / "etc" / "cups-files.conf").write_text(CUPS_FILES_CONF.format(**values))
        (self.folder / "etc" / "adm-fence.conf").write_text(f"{self.claims}\n")
        self._link_programs()
        if os.geteuid() == 0:
            for name in ("tmp", "claims"):
                shutil.chown(self.folder / name, user, group)
                (self.folder / name).chmod(0o2770)

    def _link_programs(self) -> None:
        """A ServerBin of the system's programs, with the fence among the backends."""
        own = self.folder / "bin"
        for part in SYSTEM_BIN.iterdir():
            if part.name != "backend" and not (own / part.name).exists():
                (own / part.name).symlink_to(part)
        backends = own / "backend"
        backends.mkdir(exist_ok=True)
        for name in ("ipp", "ipps", "socket"):
            if not (backends / name).exists():
                (backends / name).symlink_to(SYSTEM_BIN / "backend" / name)
        # A copy: cupsd's user may not enter the checkout, and a backend must belong to who starts cupsd.
        shutil.copyfile(_fence(), backends / "adm-fence")
        (backends / "adm-fence").chmod(0o755)

    def _make(self, queue: QueueSpec) -> None:
        connection = self.connection()
        connection.addPrinter(queue.name, ppdname="everywhere", device=queue.device)
        deadline = time.monotonic() + QUEUE_S
        size = queue.media.rpartition("_")[2]  # CUPS has names of its own for sizes that are not in its table
        while not any(name.endswith(size) for name in self._media(connection, queue.name)):
            # cupsd makes the queue's PPD by itself, later; until then the queue passes documents on unfiltered.
            if time.monotonic() > deadline:
                raise TimeoutError(f"queue {queue.name} did not learn {queue.media}; see {self.folder}/log/error_log")
            time.sleep(EVERY_S)
        if queue.fenced:
            connection.addPrinter(queue.name, device=f"adm-fence:/{queue.device}")
        connection.setPrinterErrorPolicy(queue.name, "abort-job")
        connection.enablePrinter(queue.name)
        connection.acceptJobs(queue.name)

    @staticmethod
    def _media(connection: Any, name: str) -> list[str]:
        found = connection.getPrinterAttributes(name, requested_attributes=["media-supported"]).get(
            "media-supported", []
        )
        return [found] if isinstance(found, str) else list(found)


def _who() -> tuple[str, str, str]:
    """User, group and system groups of cupsd; cupsd refuses to work as root."""
    if os.geteuid() == 0:
        return "lp", "lp", "root lpadmin"
    group = grp.getgrgid(os.getegid()).gr_name
    return pwd.getpwuid(os.geteuid()).pw_name, group, group


def _require_enterable(folder: Path) -> None:
    if os.geteuid() != 0:
        return
    for place in (folder, *folder.parents):
        if not place.stat().st_mode & WORLD_MAY_ENTER:
            raise PermissionError(f"{place}: the user lp of the print system may not enter it (chmod o+x)")


def _fence() -> Path:
    # Found without importing it: the simulator knows nothing of the drivers but where the fence's program lies.
    spec = importlib.util.find_spec("drivers.spooler.adm_fence")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("drivers/spooler/adm_fence.py")
    return Path(spec.origin)
