"""What a terminal and headquarters say to each other: pydantic messages, imported by both sides.

Knows people's values only. Every message with an effect carries the effect's key and the digest of its arguments.
"""
