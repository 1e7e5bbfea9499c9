"""Plain values: numbers, plates, money, masks."""
