"""The officer at the counter: one performer a step kind, and the visit around them.

The only room where pages, devices, headquarters and the store meet. It knows their contracts, never a driver,
never Qt, and decides nothing that a flow decides.
"""
