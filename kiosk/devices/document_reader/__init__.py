"""证件读卡区: reads the chips of passports and exit-entry passes (ICAO 9303 over PC/SC)."""
