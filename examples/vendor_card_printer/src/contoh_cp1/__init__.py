"""A driver of the ADM kiosk for the invented card printer Contoh CP-1."""
