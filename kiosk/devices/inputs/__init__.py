"""Contacts that people work: read over a serial adapter's modem lines or an input board, debounced, never guessed."""
