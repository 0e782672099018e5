"""One vocabulary of what goes wrong, for tests, demo and training: `vocabulary`, and the hand that does it, `injector`."""
