"""Configuration that terminals are to have: signed sets, and who gets them when.

What is signed is decided by whoever holds the keys; this server only keeps and hands out the files. A server that is
taken over can withhold a set, and cannot make one.
"""
