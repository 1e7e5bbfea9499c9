"""One file a step; a step that was delivered is never changed."""
