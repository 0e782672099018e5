"""The table of fuzz targets: for each parser of bytes from outside, what it is given, what it may do, and real frames.

A target takes any bytes and returns, or an error comes out of it: then it is a finding. What a parser may raise is
suppressed inside its target, by name; ``assert`` holds what must be true besides. Used by ``test_targets.py`` (every
run of the tests), ``test_coverage_guided.py`` (the long ones) and ``fuzz.py`` (one target by hand).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Whose branches guide the long runs: all of them in each, since only one parser runs in a process.
INSTRUMENTED = (
    "drivers", "kiosk.protocol", "kiosk.dinas.wire", "kiosk.documents", "hardware_sim.serial_devices",
    "hardware_sim.cabinet", "hardware_sim.printers.ipp", "hardware_sim.smart_cards", "hardware_sim.dinas.whatsapp",
    "pymodbus.framer", "pymodbus.pdu", "pyipp.parser", "joserfc", "pyhanko.pdf_utils",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One parser."""

    name: str
    parse: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    max_len: int = 512  # bytes of one input


def pieces(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    """The data cut at these sizes, over and over; what the sizes do not reach is the last piece."""
    cut, at = [], 0
    for size in sizes:
        if at >= len(data):
            break
        cut.append(data[at : at + size])
        at += size
    return [*cut, data[at:]] if at < len(data) else cut


def split_by_itself(data: bytes) -> list[bytes]:
    """The data in pieces of 1 to 16 bytes whose sizes are in the data: the same input is split the same way always."""
    return pieces(data, (byte % 16 + 1 for byte in data))


def table() -> dict[str, Target]:
    """All targets by name."""
    import device_targets
    import document_targets
    import simulator_targets

    found = [*device_targets.TARGETS, *simulator_targets.TARGETS, *document_targets.TARGETS]
    return {target.name: target for target in found}
