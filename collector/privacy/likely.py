"""What the form points out while a citizen types: the plainest identifiers, one pattern for browsers and Python.

The page asks before it is sent; the masking does not. So this table may be crude, but must not cry wolf, and what it
points out must be what the masking hides: a test runs both over labelled comments. Names are left to the masking.
"""

EMAIL = r"\S+@\S+"
NUMBER = r"[+\d]([ .-]?\d){8,}"
"""Nine figures or more, however they are grouped: telephones, social security numbers, cards, accounts, files."""

LIKELY = f"{EMAIL}|{NUMBER}"
