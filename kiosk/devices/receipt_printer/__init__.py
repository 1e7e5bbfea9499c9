"""凭条口: the thermal printer. python-escpos composes the bytes; transport and truth are ours."""
