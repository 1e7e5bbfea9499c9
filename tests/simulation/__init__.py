"""The world: its devices answer as the published protocols say, checked without our drivers except in
`test_with_drivers`.
"""
