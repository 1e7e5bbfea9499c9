"""The eye of the terminal: frames, advice, the portrait's cut and the comparison one to one, in a process of its own.

`camera` and `frames` are what the terminal process imports: they know pipes and shared memory, not OpenCV. Everything
that looks at pixels (`detection`, `measures`, `coach`, `portrait`, `comparison`) runs in the child that `process`
starts. This room knows the camera's contract and people's values; it must not know flows, pages, the store,
headquarters or which citizen stands in front of it.
"""
