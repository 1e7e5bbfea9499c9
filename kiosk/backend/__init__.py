"""The telephone to headquarters: one exchange of bytes, a typed client over it, the outbox and the state of the line.

Knows the protocol's messages and people's values. Must not know flows, pages, devices or how the store keeps its
rows: what the outbox reads and marks is the port `OutboxBook`. Errors are two: `Unreachable` (nobody can say) and
`Rejected` (headquarters said no); neither ever carries what a citizen said or who they are.
"""
