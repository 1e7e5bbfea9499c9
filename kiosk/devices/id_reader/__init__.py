"""身份证感应区: reads second-generation identity cards (GA 450, SAM-V)."""
