"""Avis: the collector of the "Je donne mon avis" widget. `docs/architecture.md` follows one opinion through it."""
