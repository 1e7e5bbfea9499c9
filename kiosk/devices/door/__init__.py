"""门: a door strike or magnet on a relay, and the contact that says where the door is.

Getting out never depends on this: the wiring frees the door on fire, without power, and by its handle from inside.
"""
