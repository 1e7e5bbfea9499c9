"""体检仓: height, distance, headset with tones, ambient noise and a call button, for what a doctor later confirms."""
