"""The notebook that survives a power cut: cases, effects, outbox, custody, grants, audit, settings in force.

Knows SQLite, keys and files under DIR/terminal/, the messages to headquarters and people's plain values.
It must not know flows, pages, devices or who asks: it keeps plain rows and gives back frozen values.
"""
