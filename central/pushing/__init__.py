"""Telling terminals at once that something waits for them, from whichever process it was decided in.

`books.push` says it within the transaction that makes it true; `hearing` hears of it in every server process;
`held` has the connections that terminals hold and says it to them.
"""
