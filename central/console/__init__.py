"""Pages for people with a browser: the payer's phone page, the verification page."""
