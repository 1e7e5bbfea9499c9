"""The world outside: every simulated device, card, sheet of paper, door and person, in a process of its own.

It outlives the terminal, so that a killed terminal finds its hardware as it left it, and it comes back as it was when
it is killed itself. It writes its own bytes from the published protocols: it must not know the terminal's drivers,
flows, pages or store, nor anything of the central server, and no other room may import it.
"""
