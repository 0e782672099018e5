"""ESC/POS receipt printer on a serial line."""
