"""Simulated serial devices on pseudo-terminals: an ESC/POS receipt printer and a QR scanner."""
