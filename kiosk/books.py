"""What whoever keeps the notebook may raise, known to those who write into it and to those who keep it."""

from __future__ import annotations


class BooksFailed(Exception):
    """The notebook cannot be written or read: a full disk, a damaged file. Nothing was begun that is not on disk."""
