"""Lights at slots and on the front, by XFS4IoT's names. Which light means what is said by whoever sets them."""
