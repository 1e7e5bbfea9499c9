"""Relay boards that doors and lights hang on: switched, never asked, since they do not answer."""
