"""What the drivers' tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def use_pcscd(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """Have this process talk to the pcscd behind that socket from now on.

    The PC/SC library reads the name of its socket once in a process and keeps it. So the name stays the same, and is
    a link to the socket of whichever pcscd a test brings.
    """
    name = tmp_path_factory.mktemp("pcscd") / "comm"
    os.environ["PCSCLITE_CSOCK_NAME"] = str(name)

    def use(socket: str) -> None:
        fresh = Path(f"{name}.new")
        fresh.symlink_to(socket)
        fresh.replace(name)

    return use
