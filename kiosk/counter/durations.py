"""Every wait of the counter, by name, in seconds (rule 25, screens.md "Time")."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Durations:
    """Defaults are screens.md's; settings may lengthen them."""

    idle: float = 60.0
    idle_elder: float = 120.0
    more_time: int = 45
    heard: float = 0.15
    """After this a page says what is being waited for."""
    lookup: float = 12.0
    card: float = 600.0
    """One stay at the reader; idle time ends it earlier."""
    new_card: float = 90.0
    reader_pause: float = 1.0
    """Between asking a reader that said no, and asking it again."""
    reader_away: float = 30.0
    """So long a reader that does not answer is waited for; then the page says so, with a way on."""
    face_shot: float = 30.0
    face_compare: float = 15.0
    face_challenge: float = 25.0
    """Longer than every move of a challenge waits together."""
    face_moves_on: float = 5.0
    """What comes instead of a challenge that was not passed stands so long, unless it is touched."""
    finger: float = 30.0
    finger_compare: float = 10.0
    portrait_shot: float = 45.0
    portrait_button: float = 0.6
    """After the button is pressed, for a frame in which nothing is wrong."""
    portrait_in_vain: float = 20.0
    """Guided for so long without a picture: from then on the page has a way on that needs none."""
    signature: float = 120.0
    filing: float = 20.0
    filing_without_line: float = 1.0
    """What began without a line is not waited for: it goes when the line is back."""
    order: float = 12.0
    order_poll: float = 1.0
    exam_command: float = 10.0
    """One measurement of the booth; the longest is a height of three readings."""
    grant: float = 12.0
    lock: float = 10.0
    """One pulse, the board's answer and the question afterwards."""
    door_query: float = 5.0
    door_release: float = 40.0
    """The zone's door: the longest pulse a lock may be set to, and the line's own time."""
    door_poll: float = 0.4
    door_exposed: float = 30.0
    """An open door begins to sound and the page says so."""
    door_given_up: float = 180.0
    page_print: float = 90.0
    print_margin: float = 5.0
    """Beyond the printer's own time, for cancelling a job that did not come out."""
    without_idle: float = 10_000.0
    """A page that ends by something else than silence: a payment's own time, a door."""
    compose: float = 30.0
    help_unanswered: float = 60.0
    closing: float = 45.0
    closing_nothing_to_take: float = 20.0
    approval_poll: float = 3.0
    writer_query: float = 40.0
    """Where a pass is, also of a machine that first has to come to rest."""
    writer_move: float = 80.0
    pass_in: float = 120.0
    """One stay at the slot."""
    chip: float = 60.0
    writing: float = 110.0
    """Wiping and writing, each with what a service may take."""
    writing_usual: float = 40.0
    """After so long the page says that it takes longer, where the pass is, and what comes of it."""
    pass_exposed: float = 30.0
    pass_given_up: float = 90.0
    scan: float = 30.0
    """One look of the scanner; the next begins at once."""
    maker_query: float = 70.0
    """Where an item is, also of a machine that first has to come to rest."""
    maker_move: float = 110.0
    making: float = 220.0
    """Printing, with what a service may take."""
    item_exposed: float = 30.0
    item_given_up: float = 90.0
    tell: float = 120.0
    rating: float = 20.0
    """The page after a visit goes by itself."""
