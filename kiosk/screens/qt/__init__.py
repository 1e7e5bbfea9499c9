"""The only Qt of the terminal: the window, the bridge between its thread and the core's, preview and fonts.

It lays out what presenters have worded and reports touches as intents. It must not know services, devices, the store
or the network, and nothing outside this folder imports Qt.
"""
