"""One simulated device alone on a port, without a world: for trying any program against it.

`table` has one entry a driver. What the world simulates too is the world's own simulator, with a visitor who lays
down a card and a finger now and then; the others stand here.
"""
