"""The procedures on the wall: one coroutine a service, and the vocabulary they speak.

A flow only decides. It knows people and steps; it must not know pages, devices, the store, the network, the
clock or Qt.
"""
