"""docs/security/asvs.md has every item of levels 1 and 2 once, counts them rightly, and names only what exists."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import Final

from tests.test_plan import REPOSITORY, exists

SECURITY: Final = REPOSITORY / "docs" / "security"
ROW: Final = re.compile(
    r"^\| v5\.0\.0-(?P<id>\d+\.\d+\.\d+) \| (?P<level>[12]) \| (?P<asked>[^|]*\w[^|]*) \| "
    r"(?:(?P<held>held): `(?P<shown>[^`]+)`(?: \([^|]+\))?"
    r"|(?P<not_ours>not ours): because [^|]+|(?P<open>open): [^|]+) \|$"
)
COUNT: Final = re.compile(r"^\| (?P<level>[12]) \| (?P<held>\d+) \| (?P<not_ours>\d+) \| (?P<open>\d+) \|$", re.M)
STATES: Final = ("held", "not_ours", "open")


def text() -> str:
    return (SECURITY / "asvs.md").read_text("utf-8")


def rows() -> list[re.Match[str]]:
    found = [(line, ROW.match(line)) for line in text().splitlines() if line.startswith("| v")]
    assert [line for line, row in found if row is None] == []
    return [row for _, row in found if row is not None]


def test_every_item_is_there_once_with_its_level() -> None:
    lines = (SECURITY / "asvs-5.0.0.csv").read_text("utf-8").splitlines()
    standard = [(item["id"], item["level"]) for item in csv.DictReader(lines[1:])]
    assert (len(standard), Counter(level for _, level in standard)) == (253, {"1": 70, "2": 183})
    assert [(row["id"], row["level"]) for row in rows()] == standard


def test_what_shows_it_exists() -> None:
    assert [row["id"] for row in rows() if row["held"] and not exists(row["shown"])] == []


def test_the_counts_of_the_head_are_true() -> None:
    made = Counter((row["level"], state) for row in rows() for state in STATES if row[state])
    said = {(found["level"], state): int(found[state]) for found in COUNT.finditer(text()) for state in STATES}
    assert said == {(level, state): made[level, state] for level in "12" for state in STATES}


def test_words_that_no_password_may_be_made_of_are_documented() -> None:
    from central.console.guessing import CONTEXT

    documented = (SECURITY / "limits.md").read_text("utf-8")
    assert [word for word in CONTEXT if word not in documented] == []


def test_pages_lead_to_pages_that_exist() -> None:
    for page in SECURITY.glob("*.md"):
        links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf-8"))
        assert [link for link in links if not (SECURITY / link).is_file()] == [], page.name
