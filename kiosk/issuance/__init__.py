"""One attempt, from the permit to the paper: the saga, and what is made of attempts that were cut off."""
