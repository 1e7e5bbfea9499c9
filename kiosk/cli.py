"""The command line: `kiosk COMMAND ...`. Results are JSON on standard output, everything else goes to standard error.

Each command's room is imported only when it is called, so that the terminal's window is up early.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Sequence

COMMANDS = {
    "run": ("kiosk.commands.run", "run the terminal; in simulation with headquarters, the world and the dock"),
    "journey": ("kiosk.commands.journey", "a scripted citizen makes one whole visit on the real terminal"),
    "virtual": ("kiosk.commands.virtual", "many visits on the virtual clock, and visits broken everywhere"),
    "matrix": ("kiosk.commands.matrix", "every service with every fault, recorded"),
    "recover": ("kiosk.commands.recover", "settle what a power cut or a crash left"),
    "services": ("kiosk.commands.services", "the services of this terminal"),
    "device": (
        "kiosk.commands.device",
        "list devices; one command to one of them; try it against the rules; simulate it",
    ),
    "dock": ("kiosk.simulation.dock", "act in the simulated world"),
    "gallery": ("kiosk.screens.gallery", "render and check every page"),
    "face": ("kiosk.vision.face_cli", "how well faces are told apart on pictures you have"),
    "portrait": ("kiosk.vision.cli", "look at what becomes of a portrait"),
    "doctor": ("kiosk.commands.doctor", "what works on this machine and what does not"),
    "enrol": ("kiosk.commands.enrol", "become a terminal of the fleet with a code from headquarters"),
    "audit": ("kiosk.commands.audit", "whether the chain of what happened is whole"),
    "maintenance": ("kiosk.commands.maintenance", "enrol technicians; report what works, signed"),
    "bench": ("kiosk.commands.bench", "measure this machine"),
    "proof": ("kiosk.commands.proof", "run the full counts"),
}


def log_to_stderr() -> None:
    """How every process of the terminal logs."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    # Where a simulated headquarters is in this very process, its lines about each filing are nobody's to read.
    logging.getLogger("central").setLevel(logging.WARNING)


def usage() -> str:
    """One line a command."""
    lines = [f"  {name:11} {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["usage: kiosk COMMAND [options]", "", *lines])


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: the command's; 2 for an unknown command."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    log_to_stderr()
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage(), file=sys.stderr)
        return 0 if arguments else 2
    entry = COMMANDS.get(arguments[0])
    if entry is None:
        print(f"kiosk: there is no command {arguments[0]}\n{usage()}", file=sys.stderr)
        return 2
    return importlib.import_module(entry[0]).run(arguments[1:])
