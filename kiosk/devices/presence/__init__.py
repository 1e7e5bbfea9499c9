"""Whether somebody stands there, moving or still. Never who."""
