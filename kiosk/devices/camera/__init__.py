"""镜头: the camera as the rest of the terminal knows it. Frames come from the vision process."""
