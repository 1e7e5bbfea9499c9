"""Files that a signed set brings: what each kind must be before a terminal uses it.

Judged in a process of its own, by headquarters before a set is signed and by the terminal before it is tried: a file
that brings a decoder down brings down nothing else. `asking` is for whoever wants them judged and needs nothing of
this room's; everything else is loaded in that process alone.
"""
