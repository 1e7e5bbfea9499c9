"""Settings that headquarters pushes: fetched, verified, tried between visits, kept or taken back.

Trust comes from signatures (The Update Framework) and a root that was brought with the machine, never from the line.
Without such a root nothing in here runs, and the station's own settings are in force. Knows settings and protocol;
visits, devices and headquarters' address come in through ports.
"""
