"""The terminal: everything that runs inside one cabinet."""
