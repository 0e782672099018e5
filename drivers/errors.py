"""What can go wrong with a device, split by who can act. Each error carries the name of its device."""

from __future__ import annotations


class DeviceError(Exception):
    """A device did not do what it was asked."""

    def __init__(self, device: str, reason: str) -> None:
        super().__init__(f"{device}: {reason}")
        self.device = device
        self.reason = reason


class DeviceAwayError(DeviceError):
    """The device or its daemon does not answer now; supervision tries again by itself."""


class DeviceTimeoutError(DeviceAwayError):
    """The device did not answer within its deadline; what it did meanwhile is not known."""


class DeviceRefusedError(DeviceError):
    """The device answered, and said no."""


class PermanentDeviceError(DeviceError):
    """Trying again cannot help: a wrong address, a missing right, a device of another kind."""
