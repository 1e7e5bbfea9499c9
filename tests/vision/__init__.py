"""The eye, on people drawn by us and on the one real face that is in the public domain."""
