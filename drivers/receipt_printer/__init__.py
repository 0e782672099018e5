"""ESC/POS receipt printer on a serial line, USB or TCP."""
