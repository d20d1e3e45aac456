"""Masking of personal data in citizens' free text: pure functions, text in, text out."""

from collector.privacy.masking import Finding, Masked, find, mask

__all__ = ["Finding", "Masked", "find", "mask"]
