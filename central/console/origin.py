"""Where a browser says that it is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Origin:
    """The site as the browser names it: https://host[:port]."""

    text: str

    @property
    def host(self) -> str:
        """What keys are made for: the name without the port."""
        return urlsplit(self.text).hostname or ""

    @property
    def has_keys(self) -> bool:
        """Whether browsers make keys for it: only for names, never for bare addresses (Level 2, 5.1.3)."""
        return bool(self.host) and not self.host.replace(".", "").isdigit() and ":" not in self.host


NOWHERE = Origin("")
