"""发卡口: a stacker of cards, a gate that holds one until it is taken, and a bin for what nobody takes.

Knows cards by where its sensors see them, never whose they are; who may have one is the permit's business.
"""
