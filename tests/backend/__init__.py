"""The client of headquarters against servers that misbehave on purpose. Knows no flow and no page."""
