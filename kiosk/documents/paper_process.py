"""The child that sets papers: `python -m kiosk.documents.paper_process`.

Reads one JSON object a line, {paper, values, language, standing, medium}, and answers each with one line, {made:
base64} or {refused: [paper, value, why]} or {failed: text}; says {ready: true} first. Ends at the end of its input,
and is killed by the kernel when the thread that started it is gone: while Typst runs, no line of Python does.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import signal
import sys
from typing import Any, TextIO, cast

from kiosk.documents.papers import Medium, NoPaper, PaperRefused, Standing

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve until the input ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent or parent == 1:
        return 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not pass for an answer
    return serve(sys.stdin, answers)


def serve(requests: TextIO, answers: TextIO) -> int:
    """Answer line by line."""
    from kiosk.documents import pages, receipts

    pages.warm()
    receipts.warm()
    _say(answers, {"ready": True})
    for line in requests:
        _say(answers, answer(line))
    return 0


def answer(line: str) -> dict[str, Any]:
    """One request's answer; nothing a request says ends the process."""
    from kiosk.documents.composing import compose_now

    try:
        request = cast(dict[str, Any], json.loads(line))
        medium = None if request["medium"] is None else Medium(request["medium"])
        standing = Standing(request["standing"])
        made = compose_now(request["paper"], request["values"], request["language"], standing, medium)
    except PaperRefused as refused:
        return {"refused": [refused.paper, refused.value, refused.why]}
    except NoPaper as failure:
        return {"failed": str(failure)}
    except Exception as failure:
        return {"failed": type(failure).__name__}
    return {"made": base64.b64encode(made).decode("ascii")}


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
