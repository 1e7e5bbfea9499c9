"""What technicians do at the machine: procedures like a citizen's, on the same engine, counter and pages.

A task only decides. It knows people and steps, as flows do; it must not know pages, devices, the store, the network,
the clock or Qt. Who may do it, and how many it takes, stands in the catalogue.
"""
