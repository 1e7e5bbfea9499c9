"""JSON as the tables keep it: equal data, equal text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast


def text_of(value: Any) -> str:
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pairs_of(value: Mapping[str, str]) -> str:
    """Canonical JSON of evidence, facts or details."""
    return text_of({str(name): str(text) for name, text in value.items()})


def pairs_in(text: str) -> dict[str, str]:
    """The reverse."""
    return cast(dict[str, str], json.loads(text))
