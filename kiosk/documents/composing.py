"""A paper out of its values: which medium, which language. Synchronous; see process.py for who calls it where."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.documents.papers import PAPERS, Medium, PaperRefused, Sheet, Standing, sheet


def compose_now(
    paper: str, values: Mapping[str, str], language: str, standing: Standing, medium: Medium | None = None
) -> bytes:
    """PDF for A4, printer bytes for the roll; `medium` None is where the paper goes by itself. Raises NoPaper."""
    made = sheet(paper, values, standing)
    match medium_of(made, medium):
        case Medium.A4:
            from kiosk.documents.pages import page  # the typesetter is loaded only where it is used

            return page(made, language)
        case Medium.ROLL:
            from kiosk.documents.receipts import receipt

            return receipt(made, language)


def medium_of(made: Sheet, medium: Medium | None) -> Medium:
    """The medium asked for, or the paper's own. Raises PaperRefused where the paper is not printed on it."""
    media = PAPERS[made.paper].media
    if medium is None:
        return media[0]
    if medium not in media:
        raise PaperRefused(made.paper, "", f"is not printed on {medium.value}")
    return medium
