"""Papers: their values, their bytes, and the process that sets them. Knows no printer."""
