"""Virtual smart cards behind a private pcscd, and the Dinas' side of writing a chip."""
