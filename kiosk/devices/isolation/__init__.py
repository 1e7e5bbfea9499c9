"""A driver in a process of its own, behind the contract of its class. docs/devices/isolation.md says when and how."""
