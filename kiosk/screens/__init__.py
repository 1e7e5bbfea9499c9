"""How the officer speaks: one presenter and one QML view a page.

A presenter turns a page state, a language and settings into plain strings and numbers; it knows no Qt. A view lays
them out and reports touches as intents; it knows no logic. Neither knows services, devices, the store or the network.
"""
