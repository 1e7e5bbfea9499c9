"""签注机: takes an exit-entry pass in, rewrites the endorsements on its back, and gives it out again."""
