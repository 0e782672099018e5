"""A simulated card dispenser CRT-591 on a pseudo-terminal, alone or before a card printer without a feeder."""
