"""``adm-sim tap``: record a real device, and play it again."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click

from drivers.card_reader.frames import Command, FrameError
from hardware_sim.tap.record import SerialTap, TcpTap
from hardware_sim.tap.recording import Recorder, header, load
from hardware_sim.tap.replay import SerialReplay, TcpReplay
from hardware_sim.tap.veils import VEILS, guess

PARITIES = {"none": "N", "even": "E", "odd": "O"}


class Running(Protocol):
    def start(self) -> None: ...
    def close(self) -> None: ...


@click.group()
def tap() -> None:
    """Record what driver and device say to each other, and play the device again."""


@tap.command()
@click.option("--serial", "port", help="The device's port, such as /dev/adm-receipt.")
@click.option("--tcp", help="The device's address, as host:port.")
@click.option("--as", "link", type=click.Path(path_type=Path), help="Serial: the name that the driver opens instead.")
@click.option("--listen", default=0, help="TCP: the port of 127.0.0.1 for the driver; 0 takes a free one.")
@click.option("--baud", default=9600, show_default=True)
@click.option("--parity", type=click.Choice(sorted(PARITIES)), default="none", show_default=True)
@click.option("--speaks", type=click.Choice(sorted(VEILS)), help="Left out, the name of the device tells.")
@click.option("--with-content", is_flag=True, help="Record receipts, documents and scans too: personal data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file.")
def record(
    port: str | None,
    tcp: str | None,
    link: Path | None,
    listen: int,
    baud: int,
    parity: str,
    speaks: str | None,
    with_content: bool,
    out: Path,
) -> None:
    """Stand between a driver and its device until Ctrl-C, and write down what passes."""
    device = port or tcp
    if device is None or (port and tcp) or (port and not link):
        raise click.UsageError("either --serial with --as, or --tcp")
    speaks = speaks or guess(device)
    if speaks is None:
        raise click.UsageError(f"what is content in the words of {device} depends on what it speaks: say --speaks")
    host, _, number = (tcp or "").rpartition(":")
    if tcp and not (host and number.isdigit()):
        raise click.UsageError("--tcp is host:port")
    try:
        recorder = Recorder(
            out,
            header(
                "serial" if port else "tcp", device, speaks, content=with_content, **({"baud": baud} if port else {})
            ),
        )
        running: SerialTap | TcpTap
        if port and link:
            running = SerialTap(port, baud, PARITIES[parity], link, recorder)
            where = str(link)
        else:
            running = TcpTap(host, int(number), recorder, listen)
            where = f"127.0.0.1:{running.port}"
    except OSError as error:
        raise click.ClickException(str(error)) from error
    _until_the_end(running, lambda: click.echo(f"{where} stands for {device}; recording to {out}"))
    recorder.close()


@tap.command()
@click.option("--reader", required=True, help="PC/SC name of the reader; the beginning is enough.")
@click.option("--with-content", is_flag=True, help="Record what the card holds too: personal data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file.")
@click.argument("apdus", nargs=-1, metavar="[APDU]...")
def card(reader: str, with_content: bool, out: Path, apdus: tuple[str, ...]) -> None:
    """Record a card while its photo is read as the kiosk reads it, or while these APDUs (in hex) are sent."""
    from hardware_sim.tap.card import NoCardError, record_card  # pyscard needs its library as it is imported

    try:
        sent = record_card(reader, out, [_apdu(each) for each in apdus], content=with_content)
    except (NoCardError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sent} commands recorded to {out}")


def _apdu(text: str) -> bytes:
    try:
        frame = bytes.fromhex(text)
        Command.from_bytes(frame)
    except (ValueError, FrameError) as error:
        raise click.UsageError(f"{text}: expected an APDU in hex, such as 00A40000027F0A ({error})") from error
    return frame


@tap.command()
@click.argument("recording", type=click.Path(path_type=Path, exists=True))
@click.option("--as", "link", type=click.Path(path_type=Path), default=Path("tap-line"), show_default=True)
@click.option("--listen", default=0, help="TCP: the port of 127.0.0.1; 0 takes a free one.")
@click.option("--timing", is_flag=True, help="Answer as late as the device did.")
def replay(recording: Path, link: Path, listen: int, timing: bool) -> None:
    """Be the recorded device until Ctrl-C; say then what the driver did otherwise."""
    try:
        found = load(recording)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    played: SerialReplay | TcpReplay
    if found.header.transport == "serial":
        played = SerialReplay(found, link.absolute(), timing=timing)
    elif found.header.transport == "tcp":
        played = TcpReplay(found, listen, timing=timing)
    else:
        raise click.ClickException("a card is played by a slot of the simulated readers (README.md)")
    _until_the_end(played, lambda: click.echo(played.where))
    differences = played.conversation.differences()
    for difference in differences:
        click.echo(f"the driver {difference}")
    click.echo("otherwise than recorded" if differences else "all as recorded")
    sys.exit(1 if differences else 0)


def _until_the_end(running: Running, begun: Callable[[], None]) -> None:
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread: only the wait below takes them
    running.start()
    try:
        begun()
        signal.sigwait(ends)
    finally:
        running.close()
