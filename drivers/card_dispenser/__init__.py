"""The card dispenser CRT-591 over RS-232, for card printers without a feeder of their own."""
