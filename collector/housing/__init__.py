"""A whole database at once: copied while it is used, put back, taken to another engine. Beneath the typed methods."""
