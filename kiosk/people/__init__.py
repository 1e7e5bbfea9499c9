"""People, documents, vehicles and money as plain values.

Frozen dataclasses and enums without I/O, clocks or texts for a page. This room imports nothing of ours: it
must not know that flows, devices, screens or a server exist. Names of the law are English, with the Chinese
term in the docstring.
"""
