"""All that a procedure's owner pastes and all that a citizen sees: pure rendering, no request and no storage."""
