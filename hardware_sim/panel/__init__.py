"""A web page with the hands of the story: take the card, fill paper, show a QR, see what came out."""
