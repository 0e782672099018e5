"""PC/SC: the reader at the chip station of the card printer, and the operator's reader."""
