"""The operators' pages, wired together."""

from __future__ import annotations

from fastapi import FastAPI

from central.console.alarm_pages import AlarmPages
from central.console.command_pages import CommandPages
from central.console.configuration_pages import ConfigurationPages
from central.console.desk_pages import DeskPages
from central.console.entry import Entry
from central.console.fleet_pages import FleetPages
from central.console.help_pages import HelpPages
from central.console.key_pages import KeyPages
from central.console.live import Live
from central.console.people_pages import PeoplePages
from central.console.visit_pages import VisitPages
from central.console.web import House, console
from central.handle import Headquarters


def operators(headquarters: Headquarters) -> FastAPI:
    """The application that stands under /console."""
    house = House(headquarters)
    parts = (
        Entry(house),
        KeyPages(house),
        FleetPages(house),
        CommandPages(house),
        AlarmPages(house),
        HelpPages(house),
        DeskPages(house),
        VisitPages(house),
        ConfigurationPages(house),
        PeoplePages(house),
    )
    return console(house, [page for part in parts for page in part.pages()], Live(house).stream)
