"""取证柜 and its lock boards: compartments that open one at a time, against a single-use grant."""
