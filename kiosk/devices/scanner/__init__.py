"""扫码口: codes from a phone or a slip, as text from a stranger.

What a code means is others' business; nothing here acts on it.
"""
