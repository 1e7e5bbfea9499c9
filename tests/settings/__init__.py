"""What a station file may say, and how a wrong one is told."""
