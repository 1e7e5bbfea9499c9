"""求助按钮: a visitor presses it, and a person on duty is called."""
