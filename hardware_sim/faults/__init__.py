"""What goes wrong, in one vocabulary for tests, demo and training, and the hand that does it."""
