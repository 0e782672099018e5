"""The uninterruptible power supply, asked through NUT's upsd."""
