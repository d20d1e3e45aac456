"""What lives for an hour or a day, and what a copy does with it.

The salt of today's visitor names goes tonight and a limit's count within the hour: that is a promise (docs/privacy.md)
which a backup of thirty days would break. Sessions that were closed since would be open again, used links would work
again, letters that were sent would be sent again; what somebody was about to import says who works where. So a backup
has none of them; a move takes them along, except the leases of a service that has stopped. Neither has the index of
words, which `avis serve` makes anew from the comments.
"""

LEASES = "lease"
WORDS = frozenset({"indexing", "review_word", "said", "said_count", "word"})
OUTGOING = frozenset({"alert", "delivery", "letter"})
NOT_IN_BACKUPS = (
    frozenset({LEASES, "import_draft", "limit_count", "password_link", "session", "visitor_salt"}) | OUTGOING | WORDS
)
NOT_MOVED = frozenset({LEASES}) | WORDS
IN_NEW_DATABASES = NOT_IN_BACKUPS | {"journal", "journal_head", "progress", "purge"}
"""What may hold rows in a database that nobody has used yet: `avis migrate` and `avis serve` alone write these."""
