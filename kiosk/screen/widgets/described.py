"""What a widget is to somebody who does not see it: a test, and later the voice."""

from __future__ import annotations

from kivy.properties import BooleanProperty, OptionProperty, StringProperty

ROLES = ("", "button", "text", "keypad_key", "checkbox", "progress", "image")


class Described:
    """Mixin: a widget with a role is one item of the tree, and what is inside it is not looked at."""

    role = OptionProperty("", options=ROLES)
    label = StringProperty("")
    spoken = StringProperty("")  # what the voice says; empty: the label
    checked = BooleanProperty(False)
