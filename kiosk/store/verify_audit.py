"""Checks an audit chain and needs none of our code: python verify_audit.py FILE [ROWS HASH]."""

import hashlib
import sqlite3
import sys

before, count, rows, head = "0" * 64, 0, *(sys.argv[2:4] or ["", ""])
for row, text, chain in sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute(
    "SELECT row, text, hash FROM audit ORDER BY row"
):
    count, before = count + 1, hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
    if (row, chain) != (count, before):
        sys.exit(f"broken at row {count}")
    if str(row) == rows and chain != head:
        sys.exit(f"row {row} is not the one headquarters saw")
if rows and count < int(rows):
    sys.exit(f"cut off: {count} rows, headquarters saw {rows}")
print(f"{count} rows, head {before}")
