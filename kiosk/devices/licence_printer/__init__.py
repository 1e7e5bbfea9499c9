"""驾驶证制证机: prints a driving licence, both of its sheets, on a blank of its own stack."""
