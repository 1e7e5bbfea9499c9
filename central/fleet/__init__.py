"""Who the terminals are: the private authority and their certificates."""
