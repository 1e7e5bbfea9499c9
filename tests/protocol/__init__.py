"""Messages between a terminal and headquarters survive the way there and back."""
