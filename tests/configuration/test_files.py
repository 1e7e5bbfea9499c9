"""Files of sets on one terminal: fetched once, there before a set names them, judged, and gone when nobody needs
them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from central.configuration.repository import Repository
from kiosk.backend.configuration import FILE_SECONDS, ConfigurationLine
from kiosk.backend.exchange import JSON, Arrival, Cause, Reply, Unreachable
from kiosk.configuration import shelf as shelf_module
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.standing import Standing
from kiosk.configuration.trust import Trust
from kiosk.protocol.configuration import LARGEST_PART, LARGEST_REPLY, FileRequest, SetStage
from kiosk.settings.loading import SettingsError, load_settings
from tests.configuration.repository import START, Hall, InlineWorker, Machine, Office, Published, virtually

ONE, TWO, OTHER = b"station = One\n", b"station = Two\n", b"subtitle = Other\n"


def texts(language: str, folder: str) -> dict[str, object]:
    return {"brought": {"texts": {language: folder}}}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def published() -> Published:
    """1: one text; 2: the same one and another; 3: a bad one; 4: nothing at all."""
    made = Published()
    made.publish(1, settings=texts("en", "texts/en"), parts={"texts/en/a.ftl": ONE})
    made.publish(2, settings=texts("en", "texts/en"), parts={"texts/en/a.ftl": ONE, "texts/en/b.ftl": OTHER})
    made.publish(3, settings=texts("en", "texts/en"), parts={"texts/en/a.ftl": b"bad = x\n"})
    made.publish(4)
    return made


def kept(machine: Machine) -> set[str]:
    return {file.name for file in (machine.folder / "configuration" / "files").glob("*")}


def led(machine: Machine, *numbers: int) -> tuple[Hall, Office, Standing]:
    """One terminal that is assigned these, one after another."""
    hall, office = Hall(), Office()
    standings: list[Standing] = []

    async def main() -> None:
        hall.busy.set()
        keeper = machine.keeper(hall, office)
        _ = keeper.start()
        for number in numbers:
            office.number = number
            await keeper.once()
        standings.append(keeper.standing)

    virtually(main())
    return hall, office, standings[0]


def test_what_two_sets_bring_is_fetched_and_kept_once_and_goes_when_no_kept_set_names_it(tmp_path: Path) -> None:
    made = published()
    made.publish(5)
    machine = Machine(tmp_path, made)
    hall, _, standing = led(machine, 1, 2)
    assert (standing.in_force, standing.before) == (2, 1)
    assert kept(machine) == {sha256(ONE), sha256(OTHER)}
    assert [settings.brought.texts_of("en") for settings in hall.in_force] == [
        (sha256(ONE),),
        (sha256(ONE), sha256(OTHER)),
    ]
    fetched = [path for path, _ in machine.line.requests if path.startswith("targets/texts/")]
    assert len(fetched) == len(set(fetched)) == 2
    _ = led(machine, 4)
    assert kept(machine) == {sha256(ONE), sha256(OTHER)}, "the set before may have to come back"
    _ = led(machine, 5)
    assert kept(machine) == set()


def test_a_line_that_breaks_down_brings_the_rest_the_next_time(tmp_path: Path) -> None:
    machine = Machine(tmp_path, published())
    machine.line.hanging = sha256(OTHER)
    assert led(machine, 2)[2].in_force == 0
    assert kept(machine) == {sha256(ONE)}
    machine.line.hanging = ""
    assert led(machine, 2)[2].in_force == 2
    fetched = [path for path, _ in machine.line.requests if sha256(ONE) in path]
    assert len(fetched) == 1


def test_what_a_set_brought_comes_again_under_a_new_number(tmp_path: Path) -> None:
    made = published()
    repository = Repository(made.files, made.keys, START)
    earlier = repository.set(2)
    repository.publish(earlier.model_copy(update={"number": 5}), repository.parts(earlier))
    hall, _, standing = led(Machine(tmp_path, made), 1, 5)
    assert standing.in_force == 5
    assert hall.in_force[-1].brought.texts_of("en") == (sha256(ONE), sha256(OTHER))


def test_bad_files_are_refused_with_their_names_and_leave_nothing_behind(tmp_path: Path) -> None:
    machine = Machine(tmp_path, published())
    hall, office, standing = led(machine, 1, 3)
    assert standing.in_force == 1 and len(hall.in_force) == 1
    last = office.heard[-1]
    assert (last.number, last.stage, last.why) == (3, SetStage.REFUSED, "files: texts/en/a.ftl: is bad")
    assert kept(machine) == {sha256(ONE)}


def test_a_power_cut_at_any_file_leaves_the_last_good_set_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    made, write, cuts = published(), shelf_module.write_synced, 0
    for at in range(20):
        folder = tmp_path / str(at)
        machine = Machine(folder, made)
        _ = led(machine, 1)
        left = [at]

        def cut(file: Path, content: bytes, left: list[int] = left) -> None:
            if left[0] == 0:
                raise PowerCut
            left[0] -= 1
            write(file, content)

        monkeypatch.setattr(shelf_module, "write_synced", cut)
        try:
            _ = led(machine, 2)
            break
        except PowerCut:
            cuts += 1
        finally:
            monkeypatch.setattr(shelf_module, "write_synced", write)
        shelf = Shelf(folder / "configuration")
        document = shelf.take(shelf.standing().in_force)
        assert document is not None, "every file of it is there and whole"
        begun = machine.keeper(Hall(), Office()).start()
        assert begun.brought.texts_of("en")[0] == sha256(ONE)
        assert led(machine, 2)[2].in_force == 2, "and what was cut short comes after all"
    assert cuts >= 5


def test_a_file_that_was_damaged_on_the_disk_is_never_used(tmp_path: Path) -> None:
    machine = Machine(tmp_path, published())
    _ = led(machine, 1)
    (tmp_path / "configuration" / "files" / sha256(ONE)).write_bytes(TWO)
    keeper = machine.keeper(Hall(), Office())
    assert keeper.start().brought.texts == {} and keeper.standing.in_force == 0
    assert led(machine, 2)[2].in_force == 2, "it is fetched anew with the next set"


def test_only_files_that_are_named_belong_to_the_settings_and_their_version() -> None:
    files = {"texts/en/a.ftl": (sha256(ONE), len(ONE)), "texts/mn/a.ftl": (sha256(TWO), len(TWO))}
    one = load_settings(pushed=texts("en", "texts/en"), files=files)
    assert set(one.brought.files) == {"texts/en/a.ftl"}
    other = load_settings(pushed=texts("en", "texts/en"), files={**files, "texts/en/a.ftl": (sha256(TWO), len(TWO))})
    assert one.settings_version != other.settings_version
    assert one.languages == ("zh-CN", "en")
    assert load_settings(pushed=texts("mn", "texts/mn"), files=files).languages == ("zh-CN", "en", "mn")


@pytest.mark.parametrize(
    ("brought", "complaint"),
    [
        ({"texts": {"en": "texts/fr"}}, "there are no files below texts/fr"),
        ({"texts": {"Mongolian": "texts/en"}}, "pattern"),
        ({"texts": {"en": "assets/en"}}, "does not lie below texts/"),
        ({"files": {}}, "belongs to the machine and is never pushed"),
        ({"pictures": [{"file": "assets/a.png", "alt": {"zh-CN": "图片"}}]}, "no alt text in en"),
        ({"voice": {"fr": {"file": "assets/a.wav", "words": "Bonjour"}}}, "fr is no language of this terminal"),
        (
            {"models": {"face-detector": {"file": "models/a.onnx", "sha256": "0" * 64, "size": 3}}},
            "is not the file with this SHA-256 and size",
        ),
    ],
)
def test_what_is_brought_is_named_rightly(brought: dict[str, object], complaint: str) -> None:
    names = ("texts/en/a.ftl", "assets/en/a", "assets/a.png", "assets/a.wav", "models/a.onnx")
    files = {name: (sha256(ONE), len(ONE)) for name in names}
    with pytest.raises(SettingsError, match=complaint):
        _ = load_settings(pushed={"brought": brought}, files=files)


def test_a_station_file_brings_no_files(tmp_path: Path) -> None:
    station = tmp_path / "station.toml"
    station.write_text('[brought.texts]\nen = "texts/en"\n', "utf-8")
    with pytest.raises(SettingsError, match="a station file brings no files"):
        _ = load_settings(station)


class InReplies:
    """Headquarters, of whose answers the line breaks one."""

    def __init__(self, files: dict[str, bytes], breaks: int) -> None:
        self.files = files
        self.breaks = breaks
        self.offsets: list[int] = []

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        assert (method, path, content_type, seconds) == ("POST", "/v1/configuration/files", JSON, FILE_SECONDS)
        asked = FileRequest.model_validate_json(body)
        self.offsets.append(asked.offset)
        if len(self.offsets) == self.breaks:
            raise Unreachable(Cause.CUT, Arrival.PERHAPS)
        if asked.path not in self.files:
            return Reply(404, b'{"code": "unknown", "title": "", "status": 404, "detail": ""}', 0.0, None)
        return Reply(200, self.files[asked.path][asked.offset : asked.offset + LARGEST_REPLY], 0.0, None)


def test_a_file_larger_than_a_reply_comes_in_several_and_goes_on_after_a_cut(tmp_path: Path) -> None:
    network = b"\0" * LARGEST_REPLY + b"\1" * LARGEST_REPLY + b"\2"
    made = Published()
    made.publish(1, parts={"models/network.dat": network, "models/small.dat": b"small"})
    headquarters = InReplies(made.files, breaks=0)
    line = ConfigurationLine(headquarters)

    async def main() -> None:
        trust = Trust(tmp_path, made.root, line.file, InlineWorker())
        path = next(path for path, content in made.files.items() if content == network)
        headquarters.breaks = len(headquarters.offsets) + 2
        with pytest.raises(Unreachable):
            _ = await line.file(path, LARGEST_PART)
        headquarters.offsets.clear()
        headquarters.breaks = -1
        assert await line.file(path, LARGEST_PART) == network
        assert headquarters.offsets == [LARGEST_REPLY, 2 * LARGEST_REPLY], "what had come is not asked for again"
        with pytest.raises(Unreachable):
            _ = await line.file(path, LARGEST_REPLY + 1)
        fetched = await trust.set(1, START)
        assert fetched.parts == {"models/network.dat": network, "models/small.dat": b"small"}

    virtually(main())
