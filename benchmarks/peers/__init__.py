"""Other ways to write the same service, to compare with."""
