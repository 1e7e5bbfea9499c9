"""Words and presenters without Qt here; the pages themselves in `qt`."""
