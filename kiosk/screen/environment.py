"""All that must be set before Kivy is imported for the first time. Imports no Kivy itself until `prepare` is called.

Kivy's defaults are those of a desktop program: Escape ends it, F1 opens settings, it reads and writes ``~/.kivy``,
takes its own arguments, and counts one tap twice where two input providers are on (kivy issue 3801).
"""

from __future__ import annotations

import logging
import os

ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",  # the command line is ours
    "KIVY_NO_CONFIG": "1",  # no ~/.kivy read or made
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # leave the root logger and stderr alone
    "KIVY_NO_FILELOG": "1",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_METRICS_DENSITY": "1",  # a pixel is a pixel, on each machine and in each golden picture
    "KIVY_METRICS_FONTSCALE": "1",
    "KIVY_DPI": "96",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_AUDIO": "",
    "KIVY_VIDEO": "",
    "KIVY_CAMERA": "",
    "KIVY_SPELLING": "",
    "SDL_NO_SIGNAL_HANDLERS": "1",  # SDL would turn SIGTERM into a request to close, which the kiosk refuses
}
FRAMES_PER_SECOND = 30  # 0.5 % of a core while nothing changes; 60 costs twice that and helps no finger


def prepare(
    size: tuple[int, int],
    *,
    fullscreen: bool = False,
    position: tuple[int, int] | None = None,
    frames_per_second: int = FRAMES_PER_SECOND,
) -> None:
    """Set environment and configuration of Kivy. ``size`` and ``position`` in pixels."""
    os.environ.update(ENVIRONMENT)
    logging.getLogger("kivy").addFilter(_heeds)
    from kivy.config import Config

    if Config is None:
        raise RuntimeError("Kivy has no configuration: it was imported to build its documentation")
    for section, values in _settings(size, fullscreen, position, frames_per_second).items():
        for key, value in values.items():
            Config.set(section, key, value)
    # One provider: SDL's mouse, which also carries one finger. probesysfs beside it would double each tap.
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    Config.set("input", "mouse", "mouse,disable_multitouch,disable_hover")
    for name, _ in Config.items("modules"):
        Config.remove_option("modules", name)


def _heeds(record: logging.LogRecord) -> bool:
    # Kivy tries an input provider that we do not use, and writes a traceback when its library is not installed.
    return "MTDev is not supported" not in record.getMessage()


def _settings(
    size: tuple[int, int], fullscreen: bool, position: tuple[int, int] | None, frames_per_second: int
) -> dict[str, dict[str, str]]:
    graphics = {
        "width": str(size[0]),
        "height": str(size[1]),
        "fullscreen": "auto" if fullscreen else "0",
        "borderless": "1",
        "resizable": "0",
        "show_cursor": "0",
        "maxfps": str(frames_per_second),
        "multisamples": "0",
        "allow_screensaver": "0",
    }
    if position is not None:
        graphics |= {"position": "custom", "left": str(position[0]), "top": str(position[1])}
    return {"graphics": graphics, "kivy": {"exit_on_escape": "0", "desktop": "0", "keyboard_mode": ""}}
