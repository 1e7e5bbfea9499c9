"""指纹仪: captures and compares fingerprints (GA/T 1011, GA/T 1012 feature blobs of 512 bytes)."""
