"""What the machine can do now, as far as a visit has to know."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.protocol import Medium, MediumState, OutReason, StaffTask, Way


@dataclass(frozen=True)
class Machine:
    """A snapshot that the engine renews whenever a device or the line changes."""

    site: str
    help: str
    media: tuple[MediumState, ...]
    scanner: bool = False
    dinas: bool | None = None  # None: not asked yet
    printable: frozenset[str] | None = None  # codes that this kiosk may print; None: the Dinas did not say
    with_chip: frozenset[str] = frozenset()  # codes of the documents whose chip is read before they are handed out
    chips: bool = True  # whether a chip can be read now
    staff: tuple[StaffTask, ...] = ()  # what an operator is to look after
    powered: bool = True  # mains, or battery enough for another visit
    out: OutReason | None = None  # set by the engine: starting, disabled, fault

    def medium(self, medium: Medium) -> MediumState | None:
        """How the medium stands, or None if this kiosk does not have it."""
        return next((state for state in self.media if state.medium is medium), None)

    @property
    def ways(self) -> tuple[Way, ...]:
        return (Way.NIK, Way.QR) if self.scanner else (Way.NIK,)

    @property
    def out_of_service(self) -> OutReason | None:
        """Why nobody can be served now, or None."""
        if self.out is not None:
            return self.out
        if not self.powered:
            return OutReason.POWER
        if not any(state.ready for state in self.media):
            return OutReason.NO_PRINTER
        # Each key comes from the Dinas at print time: without it nothing can be printed, and the person should know
        # before typing anything.
        return OutReason.DINAS_AWAY if self.dinas is False else None
