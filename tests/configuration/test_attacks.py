"""Every attack of the TUF specification's list (section 1.5.2), and a wrong clock: nothing of it is ever used."""

# The library names its classes in tuf.api.metadata without listing them as exported.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from central.configuration.keys import Keys
from central.configuration.repository import Repository
from kiosk.backend.exchange import Unreachable
from kiosk.configuration.standing import Standing
from kiosk.configuration.trust import Distrusted
from kiosk.protocol.configuration import ConfigurationSet
from tests.configuration.repository import KEYS, START, Line, MemoryFiles, Published

S = TypeVar("S", Root, Snapshot, Targets, Timestamp)

CLOSED = {"services": {"HZ10": {"enabled": False}}}


@pytest.fixture
def published() -> Published:
    made = Published()
    made.publish(1, settings=CLOSED, parts={"texts/zh-CN/a.ftl": b"a = 1\n"})
    return made


def refused(
    published: Published, folder: Path, number: int = 1, line: Line | None = None, at: datetime = START
) -> str:
    with pytest.raises(Distrusted) as wrong:
        published.fetch(folder, number, line, at)
    return wrong.value.code


def signed(role: str, content: S) -> bytes:
    """As whoever has the role's keys signs."""
    metadata = Metadata(content)
    for signer in KEYS.of(role):
        _ = metadata.sign(signer, append=True)
    return metadata.to_bytes()


def test_a_set_arrives_with_its_parts(published: Published, tmp_path: Path) -> None:
    line = Line(published.files)
    fetched = published.fetch(tmp_path, 1, line)
    assert fetched.document.settings == CLOSED and fetched.parts == {"texts/zh-CN/a.ftl": b"a = 1\n"}
    assert len(line.requests) == len({path for path, _ in line.requests}), "nothing is fetched twice"


def test_arbitrary_software(published: Published, tmp_path: Path) -> None:
    """The server hands out what its own keys signed, or other bytes under a signed name."""
    strangers = Published(Keys.fresh())
    strangers.publish(1, settings=CLOSED)
    assert refused(published, tmp_path / "a", line=Line(strangers.files)) == "UnsignedMetadataError"
    target = next(path for path in published.files if path.endswith(".1.json") and path.startswith("targets/"))
    content = published.files[target]
    other = content.replace(b"false", b"true ")
    assert len(other) == len(content)
    line = Line(published.files, {target: other})
    assert refused(published, tmp_path / "b", line=line) == "LengthOrHashMismatchError"


def test_rollback(published: Published, tmp_path: Path) -> None:
    """Older metadata than were seen are refused; so is an older set, in the keeper."""
    old = MemoryFiles(published.files)
    published.publish(2, settings={})
    published.fetch(tmp_path, 2)
    assert refused(published, tmp_path, line=Line(old)) == "BadVersionNumberError"
    assert not Standing(in_force=2).wants(1)


def test_freeze(published: Published, tmp_path: Path) -> None:
    """Whoever withholds news can do it until the timestamp expires, and no longer."""
    published.fetch(tmp_path, 1, at=START + timedelta(days=2))
    assert refused(published, tmp_path, at=START + timedelta(days=4)) == "ExpiredMetadataError"
    Repository(published.files, KEYS, START + timedelta(days=3)).refresh()
    published.fetch(tmp_path, 1, at=START + timedelta(days=4))


def test_mix_and_match(published: Published, tmp_path: Path) -> None:
    """Parts that never were together: another role's older metadata, or a part that another set pinned."""
    old = published.files["metadata/2.texts.json"]
    published.publish(2, settings={}, parts={"texts/zh-CN/a.ftl": b"a = 2\n"})
    line = Line(published.files, {"metadata/3.texts.json": old})
    assert refused(published, tmp_path / "a", 2, line) in ("LengthOrHashMismatchError", "BadVersionNumberError")
    one, two = (path for path in published.files if path.startswith("targets/texts/"))
    line = Line(published.files, {one: published.files[two]})
    assert refused(published, tmp_path / "b", 1, line) == "LengthOrHashMismatchError"
    fetched = published.fetch(tmp_path / "c", 1)
    assert fetched.parts == {"texts/zh-CN/a.ftl": b"a = 1\n"}, "what set 1 pinned, whatever the path holds since"


def test_endless_data(published: Published, tmp_path: Path) -> None:
    for name, endless in (("metadata/timestamp.json", 9 * 1024), ("metadata/2.snapshot.json", 1024 * 1024)):
        line = Line(published.files, {name: b" " * endless})
        assert refused(published, tmp_path / str(endless), line=line) == "DownloadLengthMismatchError"
    line = Line(published.files, {"metadata/timestamp.json": b" " * (9 * 1024 * 1024)})
    with pytest.raises(Unreachable):
        published.fetch(tmp_path / "cap", 1, line)


@pytest.mark.parametrize("path", ["timestamp", "settings", "targets/texts"])
def test_slow_retrieval(published: Published, tmp_path: Path, path: str) -> None:
    with pytest.raises(TimeoutError):
        published.fetch(tmp_path, 1, Line(published.files, hanging=path))


def test_wrong_delegation(tmp_path: Path) -> None:
    """The role of texts cannot sign settings, and the role of settings no texts."""
    thief = Keys({**KEYS.signers, "settings": KEYS.of("texts")})
    mixed = Published()
    Repository(mixed.files, thief, START).publish(ConfigurationSet(number=1), {})
    assert refused(mixed, tmp_path / "a") == "UnsignedMetadataError"
    strayed = Published()
    strayed.publish(1, settings=CLOSED)
    texts = Targets(version=2, expires=START + timedelta(days=9))
    settings = Metadata[Targets].from_bytes(strayed.files["metadata/2.settings.json"]).signed
    texts.targets = {"settings/9.json": settings.targets["settings/1.json"]}
    strayed.files["metadata/2.texts.json"] = named = signed("texts", texts)
    snapshot = Metadata[Snapshot].from_bytes(strayed.files["metadata/2.snapshot.json"]).signed
    snapshot.meta["texts.json"] = MetaFile.from_data(2, named, ["sha256"])
    snapshot.version += 1
    strayed.files["metadata/3.snapshot.json"] = listed = signed("snapshot", snapshot)
    timestamp = Metadata[Timestamp].from_bytes(strayed.files["metadata/timestamp.json"]).signed
    timestamp.snapshot_meta = MetaFile.from_data(3, listed, ["sha256"])
    timestamp.version += 1
    strayed.files["metadata/timestamp.json"] = signed("timestamp", timestamp)
    assert refused(strayed, tmp_path / "b", 9) == "not-signed"


def test_one_stolen_root_key_is_below_the_threshold(published: Published, tmp_path: Path) -> None:
    """Who holds one root key and every online key cannot replace the keys, and two can."""
    root = Metadata[Root].from_bytes(published.root).signed
    root.version = 2
    stolen = Metadata(root)
    stolen.sign(KEYS.of("root")[0])
    line = Line(published.files, {"metadata/2.root.json": stolen.to_bytes()})
    assert refused(published, tmp_path / "one", line=line) == "UnsignedMetadataError"
    stolen.sign(KEYS.of("root")[1], append=True)
    line = Line(published.files, {"metadata/2.root.json": stolen.to_bytes()})
    assert published.fetch(tmp_path / "two", 1, line).document.number == 1


def test_one_stolen_targets_key_is_below_the_threshold(published: Published, tmp_path: Path) -> None:
    content = Metadata[Targets].from_bytes(published.files["metadata/1.targets.json"])
    kept = KEYS.of("targets")[0].public_key.keyid
    content.signatures = {kept: content.signatures[kept]}
    line = Line(published.files, {"metadata/1.targets.json": content.to_bytes()})
    assert refused(published, tmp_path, line=line) in ("UnsignedMetadataError", "LengthOrHashMismatchError")


def test_a_clock_set_back_revives_nothing(published: Published, tmp_path: Path) -> None:
    """What has expired stays expired for a terminal that has seen a later moment."""
    standing = Standing().seen(START + timedelta(days=10))
    assert refused(published, tmp_path, at=standing.known_at(START)) == "ExpiredMetadataError"


def test_a_clock_that_runs_ahead_uses_nothing_and_heals(published: Published, tmp_path: Path) -> None:
    assert refused(published, tmp_path, at=START + timedelta(days=4000)) == "ExpiredMetadataError"
    assert published.fetch(tmp_path, 1).document.number == 1


def test_a_path_that_climbs_is_refused(tmp_path: Path) -> None:
    published = Published()
    published.publish(1, parts={"texts/../../x": b"x"})
    assert refused(published, tmp_path) == "path"


def test_what_is_torn_on_disk_is_fetched_again(published: Published, tmp_path: Path) -> None:
    published.fetch(tmp_path, 1)
    for file in tmp_path.glob("*.json"):
        if not file.is_symlink():
            file.write_bytes(file.read_bytes()[:40])
    assert published.fetch(tmp_path, 1).document.number == 1
