"""What `kiosk COMMAND` does, one module a command; each wires rooms together and holds no logic of theirs."""
