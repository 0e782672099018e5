"""A UPS that is not there: NUT's own upsd with its dummy-ups, started privately."""
