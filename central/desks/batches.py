"""Filings of a backlog in one request: each is done, declined or left for later by itself.

All share one transaction, which costs one write to the disk instead of one for each; a savepoint keeps what goes
wrong with one from the others. Each is exactly once by its key, as if it had come alone: a batch that is repeated,
cut into halves or mixed anew with others changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import DataError

from central.agencies.contract import Agency, AgencyFailed, Fault
from central.desks.desk import Desk
from central.desks.filings import file
from central.desks.lookups import faulty_fields
from central.problems import Declined, problem
from kiosk.protocol.messages import BatchItem, BatchReply, Filing, FilingBatch, Problem

_STATUS = {Fault.DOWN: 503, Fault.SLOW: 504, Fault.ERROR_500: 502, Fault.GARBAGE: 502}
_LONGEST_KEY = 200


def file_batch(batch: FilingBatch, desk: Desk) -> BatchReply:
    """Do each that can be done. Raises only what no item is to blame for, and what nobody foresaw."""
    return BatchReply(items=tuple(_each(batch, desk)))


def _each(batch: FilingBatch, desk: Desk) -> Iterator[BatchItem]:
    slow: Problem | None = None
    for raw in batch.items:
        key = raw.get("key")
        named = key[:_LONGEST_KEY] if isinstance(key, str) else ""
        if slow is not None:
            # An agency that used up its time once would use up the caller's with every further item.
            yield BatchItem(key=named, state="later", problem=slow)
            continue
        item, late = _one(raw, named, desk)
        if late is Fault.SLOW:
            slow = item.problem
        yield item


def _one(raw: dict[str, Any], key: str, desk: Desk) -> tuple[BatchItem, Fault | None]:
    try:
        with desk.db.begin_nested():
            return BatchItem(key=key, state="done", reply=file(Filing.model_validate(raw), desk)), None
    except Declined as declined:
        return BatchItem(key=key, state="declined", problem=declined.problem), None
    except ValidationError as error:
        return _declined(key, faulty_fields(error)), None
    except (DataError, OverflowError):
        return _declined(key, "a value is more than the books can hold"), None
    except AgencyFailed as failed:
        return _later(key, failed.fault, failed.agency), failed.fault


def _declined(key: str, detail: str) -> BatchItem:
    return BatchItem(key=key, state="declined", problem=problem(422, "message", detail))


def _later(key: str, fault: Fault, agency: Agency) -> BatchItem:
    said = problem(_STATUS[fault], f"agency-{fault.value}", agency.value)
    return BatchItem(key=key, state="later", problem=said)
