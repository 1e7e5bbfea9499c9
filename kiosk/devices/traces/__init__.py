"""Bytes of a line, both ways with their times: recorded with personal data left out, read again, played again."""
