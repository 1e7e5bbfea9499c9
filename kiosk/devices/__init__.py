"""The officer's hands: one folder a class, with its contract, drivers and diagnostics.

A driver is a codec without I/O plus a conversation over a `Transport`. Words are XFS4IoT's. This room knows
people's values and nothing of flows, pages, the store or headquarters; a simulator never lives here.
"""
