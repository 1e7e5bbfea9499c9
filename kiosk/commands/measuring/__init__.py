"""What `kiosk bench` measures: one module a subject, returning plain seconds; figures and goals are computed here.

It uses the product as its own commands do, and knows nothing that a reader of its JSON would have to guess.
"""
