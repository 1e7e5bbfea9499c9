"""Loudspeaker: sounds that go on until what they warn of is over."""
