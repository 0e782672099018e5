"""The pieces that pages are made of. Importing this needs a prepared environment (kiosk.screen.environment)."""
