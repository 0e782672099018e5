"""``adm-sim``: the machine without the machine, and the world around it."""

from __future__ import annotations

from importlib import import_module

import click

# Imported when they are called: the world has many libraries, and a fault is to strike in a fraction of a second.
COMMANDS = {
    "demo": "hardware_sim.commands",
    "fault": "hardware_sim.faults.command",
    "panel": "hardware_sim.panel.command",
    "run": "hardware_sim.commands",
    "stories": "hardware_sim.commands",
    "tap": "hardware_sim.tap.command",
    "up": "hardware_sim.commands",
}


class Commands(click.Group):
    """Each command lives in a module of its own house, under its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return found


@click.group(cls=Commands)
def main() -> None:
    """Simulator of the ADM: everything below the operating system's interfaces, and the Dinas."""


if __name__ == "__main__":
    main()
