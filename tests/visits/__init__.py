"""Whole visits: the real terminal, the simulated world and headquarters in one thread on the virtual clock."""
