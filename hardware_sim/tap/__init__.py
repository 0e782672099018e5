"""Record what a driver and a real device say to each other, and play the device again from the record."""
