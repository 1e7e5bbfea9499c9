"""临时身份证制证机: prints and laminates a temporary resident identity card."""
