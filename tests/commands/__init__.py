"""Commands as somebody at a shell calls them: processes, ports, signals, exit statuses."""
