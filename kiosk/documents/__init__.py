"""What is printed: values in, PDF (A4) or ESC/POS bytes (receipt roll) out.

Knows people's values and the words of the papers (docs/papers.md), the same table as `papers.PAPERS`. Must not know
flows, the counter, printers or headquarters: which paper is due and whether it was printed is not this room's.
"""
