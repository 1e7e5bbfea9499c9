"""装柜 and 清柜: finished documents go into the cabinet, and what does not belong there any more comes out.

Always two people, one list, one document at a time; at the end both sides have counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.flows.effects import Filed, NotFiled, PaperKind, Pending, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import NotSigned, Phase, Sign, Signature
from kiosk.maintenance.cabinet_steps import (
    CountLeft,
    Differs,
    FetchList,
    Fits,
    LeftOver,
    ListFor,
    ListReady,
    LoadDocument,
    Loaded,
    LoadInDoubt,
    Missing,
    NextDocument,
    NoList,
    NoMore,
    NotCounted,
    NotLoaded,
    NotUnloaded,
    OnTheWayOut,
    SetAside,
    UnloadDocument,
    Unloaded,
    UnloadInDoubt,
)


async def load_documents(opening: Opening) -> Outcome:
    """装柜 (HZ02, CRJ07). Read, laid in, next; the count agrees, or the difference has a reason."""
    listed = await FetchList(key="list", phase=Phase.DETAILS)
    if isinstance(listed, NoList):
        return Outcome(Ending.NOT_NOW, f"task-{listed.why}")
    inside: list[str] = []
    aside: list[tuple[str, str]] = []
    last, differed = "", False
    while True:
        match await _next(listed, inside, aside, last):
            case Fits(item=item, document=document):
                step = LoadDocument(
                    key="load", phase=Phase.DETAILS, item=item, document=document, list_number=listed.number
                )
                match await step:
                    case Loaded():
                        inside = [*(i for i in inside if i != item), item]
                        aside = [entry for entry in aside if entry[0] != item]
                        last = "loaded"
                    case NotLoaded(why=why):
                        inside = [i for i in inside if i != item]
                        aside = with_one_more(aside, item, "not-loaded")
                        last = f"not-loaded-{why}" if why in ("no-place", "no-openings") else "not-loaded"
                    case LoadInDoubt():
                        # What is in doubt is settled before another door opens (rule 8).
                        return Outcome(Ending.NEEDS_A_PERSON, "task-load-in-doubt", item)
            case SetAside(why=why, item=item):
                aside, last = with_one_more(aside, item, why), why
            case NoMore():
                left = await CountLeft(
                    key="left", phase=Phase.CONFIRM, expected=len(aside), last_time="yes" if differed else "no"
                )
                match left:
                    case Differs():
                        last, differed = "count-differs", True
                    case NotCounted():
                        return Outcome(Ending.NEEDS_A_PERSON, "task-not-counted")
                    case LeftOver():
                        return await _counted(opening, listed, inside, aside, left)


async def _next(
    listed: ListReady, inside: Sequence[str], aside: Sequence[tuple[str, str]], last: str
) -> Fits | SetAside | NoMore:
    return await NextDocument(
        key="next",
        phase=Phase.DETAILS,
        list_number=listed.number,
        kept=listed.kept,
        to_load=listed.to_load,
        loaded=len(inside),
        aside=len(aside),
        last=last,
    )


def with_one_more(aside: list[tuple[str, str]], item: str, why: str) -> list[tuple[str, str]]:
    """A document that is known is aside once, however often it was read; one nobody knows counts each time."""
    others = [entry for entry in aside if not item or entry[0] != item]
    return [*others, (item, why)]


async def _counted(
    opening: Opening, listed: ListReady, inside: Sequence[str], aside: Sequence[tuple[str, str]], left: LeftOver
) -> Outcome:
    """The count goes up with everything that is behind doors; from then on citizens hear of it."""
    everything = tuple(dict.fromkeys((*listed.inside, *inside)))
    payload = (
        ("loading_list", listed.number),
        ("loaded", everything),
        ("aside", tuple({"item": item, "why": why} for item, why in aside)),
        ("left", left.number),
        ("explained", left.explained),
        ("staff", opening.staff),
    )
    filed = await Submit(key="counted", phase=Phase.FINISH, filing="loading-ended", payload=payload)
    details = (("loaded", str(len(inside))), ("aside", str(len(aside))), ("explained", left.explained))
    match filed:
        case Filed() | Pending():
            topic = "task-loaded" if not left.explained else "task-loaded-explained"
            ending = Ending.DONE if left.explained in ("", "twice") else Ending.NEEDS_A_PERSON
            return Outcome(ending, topic, filed.number, details=details)
        case NotFiled(refusal=refusal):
            return Outcome(Ending.NEEDS_A_PERSON, "task-not-filed", refusal=refusal, details=details)


async def unload_documents(opening: Opening) -> Outcome:
    """清柜: what was not fetched in time, was recalled or retracted, and old documents. Both sign for the list."""
    listed = await FetchList(key="list", phase=Phase.DETAILS, wanted=ListFor.UNLOADING)
    if isinstance(listed, NoList):
        return Outcome(Ending.NOT_NOW, f"task-{listed.why}")
    if not listed.unload:
        return Outcome(Ending.NOT_NOW, "task-nothing-to-unload")
    out: list[tuple[OnTheWayOut, str]] = []
    stays: list[OnTheWayOut] = []
    for nth, document in enumerate(listed.unload, start=1):
        step = UnloadDocument(
            key="unload",
            phase=Phase.DETAILS,
            out=document,
            list_number=listed.number,
            nth=nth,
            of=len(listed.unload),
        )
        match await step:
            case Unloaded(certainty=certainty):
                out.append((document, certainty.value))
            case NotUnloaded(why="nobody-there" | "enough"):
                stays += listed.unload[nth - 1 :]
                break
            case NotUnloaded() | Missing():
                stays.append(document)
            case UnloadInDoubt():
                return Outcome(Ending.NEEDS_A_PERSON, "task-unload-in-doubt", document.item)
    if not out:
        return Outcome(Ending.NOT_NOW, "task-nothing-unloaded")
    return await _signed(opening, listed, out, stays)


async def _signed(
    opening: Opening, listed: ListReady, out: Sequence[tuple[OnTheWayOut, str]], stays: Sequence[OnTheWayOut]
) -> Outcome:
    """Two signatures on the glass, the list at headquarters and on paper with two lines for ink."""
    signatures: list[Signature] = []
    for nth in ("first", "second"):
        match await Sign(key=f"signature-{nth}", phase=Phase.CONFIRM, topic=f"sign-unloading-{nth}"):
            case Signature() as signature:
                signatures.append(signature)
            case NotSigned():
                return Outcome(Ending.NEEDS_A_PERSON, "task-not-signed")
    payload = (
        ("loading_list", listed.number),
        ("unloaded", tuple(document.item for document, _ in out)),
        ("not_unloaded", tuple(document.item for document in stays)),
        ("staff", opening.staff),
        ("signatures", tuple(signature.picture.sha256 for signature in signatures)),
    )
    blobs = tuple(dict.fromkeys(blob for signature in signatures for blob in signature.blobs))
    filed = await Submit(
        key="unloaded",
        phase=Phase.FINISH,
        filing="unloading-ended",
        payload=payload,
        blobs=blobs,
    )
    match filed:
        case Filed() | Pending():
            number = filed.number
        case NotFiled(refusal=refusal):
            return Outcome(Ending.NEEDS_A_PERSON, "task-not-filed", refusal=refusal)
    values = on_paper(number, filed.status, opening.staff, listed.number, out, stays)
    _ = await Print(key="unloading-list", phase=Phase.FINISH, paper=PaperKind.UNLOADING_LIST, values=values)
    details = (("unloaded", str(len(out))), ("stays", str(len(stays))))
    ending = Ending.NEEDS_A_PERSON if stays else Ending.DONE
    return Outcome(ending, "task-unloaded-some" if stays else "task-unloaded", number, details=details)


LINE = "____________"


def on_paper(
    number: str,
    status: str,
    staff: tuple[str, ...],
    loading_list: str,
    out: Sequence[tuple[OnTheWayOut, str]],
    stays: Sequence[OnTheWayOut],
) -> tuple[tuple[str, str], ...]:
    """The printed list: what came out by reason, what nobody could read outside, what stays, two lines for ink."""
    rows: list[tuple[str, str]] = [("number", number), ("status", status), ("loading_list", loading_list)]
    for why in ("expired", "recalled", "retracted", "recovered"):
        lines = [where_and_which(document) for document, _ in out if document.why == why]
        rows += [(why, "\n".join(lines))] if lines else []
    unread = [document.item for document, how in out if how != "sensed"]
    rows += [("unread", "\n".join(unread))] if unread else []
    rows += [("still_inside", "\n".join(where_and_which(document) for document in stays))] if stays else []
    rows += [("signature_first", f"{staff[0]}  {LINE}"), ("signature_second", f"{staff[1]}  {LINE}")]
    return tuple(rows)


def where_and_which(document: OnTheWayOut) -> str:
    """1-7 card-0001; 0-0 is the bin."""
    return f"{document.board}-{document.compartment}  {document.item}"
