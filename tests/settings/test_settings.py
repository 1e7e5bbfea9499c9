"""The settings in force: what wins, what is refused and how it is said."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from kiosk.app import catalogue, notice_facts
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.settings.loading import packaged_folder, profiles, screens
from kiosk.settings.model import FeeRule, Layout, Mark, Theme

OFFERED = [
    *("HZ01", "HZ02", "HZ03", "HZ04", "HZ05", "HZ06", "HZ07", "HZ08", "HZ09", "HZ10"),
    *("JG01", "JG02", "JG03", "JG04", "JG05", "JG06", "JG07", "JG08", "JG09", "JG10"),
    *("CRJ01", "CRJ02", "CRJ03", "CRJ04", "CRJ05", "CRJ06", "CRJ07", "CRJ08"),
]


@pytest.fixture(scope="module")
def defaults() -> Settings:
    return load_settings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "config"
    shutil.copytree(packaged_folder(), copy)
    return copy


def station(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(text, "utf-8")
    return file


def complaints(error: SettingsError) -> list[tuple[str, str]]:
    return [(Path(complaint.file).name, complaint.key) for complaint in error.complaints]


def test_the_packaged_defaults_are_whole(defaults: Settings) -> None:
    assert len(defaults.services) == 28
    assert [service.code for service in defaults.enabled] == OFFERED
    branches = [service.branch.value for service in defaults.services.values()]
    assert [branches.count(branch) for branch in ("household", "traffic", "exit-entry")] == [10, 10, 8]
    assert sum(service.named for service in defaults.services.values()) == 8


def test_nothing_unconfirmed_is_shown(defaults: Settings) -> None:
    said = [each for service in defaults.services.values() for each in (service.who, service.time, service.mind)]
    statements = [each for each in said if each is not None]
    facts = [*statements, *defaults.law.values(), *defaults.fees.values()]
    assert {fact.mark for fact in facts} == set(Mark)
    assert not [fact for fact in facts if fact.mark in (Mark.KNOWN, Mark.UNRELIABLE) and fact.shown]
    assert not defaults.law["penalty-remedies"].shown
    assert defaults.law["road-safety-108"].shown


def test_a_person_who_confirms_a_fact_lets_it_be_shown(tmp_path: Path) -> None:
    file = station(tmp_path, "[fees.id-card-renewal]\nconfirmed = true\n")
    assert load_settings(file).fees["id-card-renewal"].shown


def test_each_layer_wins_over_the_one_before(tmp_path: Path) -> None:
    file = station(tmp_path, 'screen = "landscape-24"\n[timeouts]\nidle = 50\n[display]\npitch_mm = 0.3\n')
    settings = load_settings(file, {"timeouts": {"idle": 40.0}})
    assert (settings.display.layout, settings.display.width) == (Layout.LANDSCAPE, 1920)
    assert settings.display.pitch_mm == 0.3
    assert (settings.timeouts.idle, settings.timeouts.more_time) == (40.0, 45.0)


@pytest.mark.parametrize("screen", screens())
@pytest.mark.parametrize("profile", profiles())
def test_every_kind_of_machine_can_have_every_screen(profile: str, screen: str) -> None:
    settings = load_settings(overlay={"profile": profile, "screen": screen})
    assert (settings.profile, settings.screen) == (profile, screen)
    fitted = {name for name, device in settings.devices.items() if device.fitted}
    assert fitted <= set(settings.kind.devices)
    assert bool(settings.cabinet.boards) is ("locker" in settings.kind.devices)


def test_a_machine_is_not_given_what_its_kind_has_not(tmp_path: Path) -> None:
    file = station(tmp_path, 'profile = "traffic"\n[devices.locker]\ndriver = "lock-8a"\n')
    with pytest.raises(SettingsError, match="traffic machines have no locker"):
        _ = load_settings(file)


def test_each_kind_leads_with_what_it_is_for(defaults: Settings) -> None:
    assert set(defaults.leading) == {code for code, service in defaults.services.items() if service.named}
    assert load_settings(overlay={"profile": "pick-up"}).leading == ("HZ02", "HZ04", "HZ03")


def test_a_service_this_machine_does_not_offer_names_the_one_that_does() -> None:
    traffic = load_settings(overlay={"profile": "traffic", "terminal": {"name": "KDL-003"}})
    chinese, english = traffic.elsewhere("HZ02") or ("", "")
    assert chinese == "身份证自助取证机（左手第一台）"
    assert english == "ID card pick-up machine (first on the left)"
    assert traffic.elsewhere("JG01") is None
    closed = load_settings(overlay={"profile": "traffic", "services": {"HZ08": {"enabled": False}}})
    assert closed.elsewhere("HZ08") is None, "no machine offers what the catalogue has not opened"
    alone = load_settings(overlay={"profile": "traffic", "station": {"machines": []}})
    assert alone.elsewhere("HZ02") is None


def test_a_machine_never_sends_to_itself() -> None:
    list_ = [{"terminal": "unnamed", "profile": "pick-up", "where": {"zh": "这里", "en": "here"}}]
    settings = load_settings(overlay={"profile": "traffic", "station": {"machines": list_}})
    assert settings.elsewhere("HZ02") is None


def test_a_matter_that_ends_at_another_machine_says_so_before_it_begins() -> None:
    kinds = {"kinds": {"enquiry": {"services": ["HZ01", "HZ04"], "first": []}}}
    split = load_settings(overlay={"profile": "enquiry", **kinds})
    facts = {key: (zh, en) for key, zh, en in catalogue(split)["HZ01"].facts}
    assert facts["fact-finish"][0] == "“身份证取证”在身份证自助取证机（左手第一台）办理"
    assert "pick-up machine" in facts["fact-finish"][1]
    whole = {key for key, _, _ in catalogue(load_settings())["HZ01"].facts}
    assert "fact-finish" not in whole


def test_no_kind_names_what_is_not_there(tmp_path: Path) -> None:
    for text, what in (
        ('[kinds.door]\nservices = ["HZ99"]\n', "kinds.door.services names HZ99"),
        ('[kinds.door]\ndevices = ["mirror"]\n', "kinds.door.devices names mirror"),
        ('[kinds.pick-up]\nfirst = ["JG01"]\n', "kinds.pick-up.first names JG01"),
        ('[services.HZ01]\nends_with = "HZ99"\n', "services.HZ01.ends_with names HZ99"),
    ):
        with pytest.raises(SettingsError, match=what):
            _ = load_settings(station(tmp_path, text))


def test_one_key_of_a_table_leaves_the_others_as_they_were(tmp_path: Path, defaults: Settings) -> None:
    settings = load_settings(station(tmp_path, '[devices.id-reader.settings]\nport = "/dev/ttyS0"\n'))
    assert settings.devices["id-reader"].settings["port"] == "/dev/ttyS0"
    assert settings.devices["id-reader"].settings["baud"] == defaults.devices["id-reader"].settings["baud"]


def test_a_list_is_replaced_whole(tmp_path: Path) -> None:
    board = '{ address = 2, compartments = 8, columns = 2, closed_contact = "high" }'
    settings = load_settings(station(tmp_path, f"[cabinet]\nboards = [{board}]\n"))
    assert [board.address for board in settings.cabinet.boards] == [2]


def test_the_version_follows_the_content_and_nothing_else(tmp_path: Path, defaults: Settings) -> None:
    assert load_settings().settings_version == defaults.settings_version
    same = load_settings(station(tmp_path, "[timeouts]\nmore_time = 45.0\nidle = 60.0\n"))
    assert same.settings_version == defaults.settings_version
    other = load_settings(overlay={"timeouts": {"idle": 61.0}})
    assert other.settings_version != defaults.settings_version


def test_files_of_headquarters_lie_below_its_folder(defaults: Settings) -> None:
    headquarters = defaults.headquarters
    assert headquarters.file(headquarters.key) == Path("/etc/kiosk/tls/terminal.key")
    assert headquarters.file(Path("/elsewhere/key")) == Path("/elsewhere/key")


# -- refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[timeouts]\nidle = -1\n", "timeouts.idle"),
        ("[timeouts]\nidel = 5\n", "timeouts.idel"),
        ("[timeouts]\nidle = 130\n", "timeouts"),
        ('[display]\nlayout = "round"\n', "display.layout"),
        ('[headquarters]\naddress = "http://plain"\n', "headquarters.address"),
        ('[terminal]\nname = "with space"\n', "terminal.name"),
        ("[appearance]\ntarget_mm = 12.0\n", "appearance.target_mm"),
        ('[appearance.themes.day]\nprimary = "blue"\n', "appearance.themes.day.primary"),
        ("[devices.id-reader]\ndriver = 3\n", "devices.id-reader.driver"),
        ("timeouts = 3\n", "timeouts"),
        ('[services.HZ99]\nenabled = true\n[services.HZ99.name]\nzh = "x"\n', "services.HZ99.code"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_and_key(text: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(station(tmp_path, text))
    assert ("station.toml", key) in complaints(caught.value)
    assert all(complaint.remedy for complaint in caught.value.complaints)


def test_a_mistake_in_the_defaults_names_the_file_of_the_defaults(folder: Path) -> None:
    file = folder / "services.toml"
    file.write_text(file.read_text("utf-8").replace('offline = "queued"', 'offline = "maybe"', 1), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(folder=folder)
    assert complaints(caught.value) == [("services.toml", "services.HZ01.offline")]


def test_two_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(station(tmp_path, "[timeouts]\nidle = 0\n[tries]\nface = 0\n"))
    assert {key for _, key in complaints(caught.value)} == {"timeouts.idle", "tries.face"}


def test_what_is_named_but_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"services\.HZ02\.law names nothing") as caught:
        load_settings(overlay={"services": {"HZ02": {"law": ["nothing"]}}})
    assert len(caught.value.complaints) == 1


def test_two_boards_at_one_address_are_refused() -> None:
    board = {"address": 1, "compartments": 8, "columns": 2, "closed_contact": "low"}
    with pytest.raises(SettingsError, match="two boards"):
        load_settings(overlay={"cabinet": {"boards": [board, board]}})


def test_an_overlay_that_is_wrong_is_named_as_such() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(overlay={"tries": {"face": "many"}})
    assert complaints(caught.value) == [("the overlay", "tries.face")]


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"[timeouts\n", "is not TOML"), (b"\xff\xfe", "is not UTF-8"), (None, "there is no such file")],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, what: str, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=what) as caught:
        load_settings(file)
    assert complaints(caught.value) == [("station.toml", "")]


@pytest.mark.parametrize(("what", "known"), [("profile", "pick-up"), ("screen", "portrait-27")])
def test_an_unknown_name_lists_the_known_ones(tmp_path: Path, what: str, known: str) -> None:
    with pytest.raises(SettingsError, match=known):
        load_settings(station(tmp_path, f'{what} = "round"\n'))


def test_settings_cannot_be_changed_once_in_force(defaults: Settings) -> None:
    for name in type(defaults.timeouts).model_fields:
        with pytest.raises(ValueError, match="frozen"):
            setattr(defaults.timeouts, name, 5.0)


# -- content -------------------------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "least"), [("day", 10.0), ("night", 10.0), ("high-contrast", 20.0)])
def test_every_text_can_be_read_on_its_ground(theme: str, least: float, defaults: Settings) -> None:
    look: Theme = {str(name): each for name, each in defaults.appearance.themes.items()}[theme]
    pairs = [(look.primary, look.on_primary), (look.attention, look.on_attention)]
    pairs += [(look.success, look.on_success), (look.danger, look.on_danger)]
    for ground in (look.surface, look.surface_raised):
        pairs += [(ground, look.on_surface), (ground, look.on_surface_quiet), (ground, look.primary)]
        pairs += [(ground, look.success), (ground, look.danger)]
    assert min(contrast(*pair) for pair in pairs) >= least


def test_fees_are_listed_exactly_where_a_listed_fee_is_due(defaults: Settings) -> None:
    listed = {code for code, service in defaults.services.items() if service.fees}
    assert listed == {c for c, service in defaults.services.items() if service.fee_rule is FeeRule.LISTED}
    amounts = {key: fee.fen for key, fee in defaults.fees.items()}
    assert (amounts["id-card-renewal"], amounts["id-card-replacement"]) == (2000, 4000)


def test_every_law_and_thing_is_used_by_a_service_or_a_page(defaults: Settings) -> None:
    used = {key for service in defaults.services.values() for key in (*service.bring, *service.prints)}
    assert set(defaults.things) == used


def test_services_read_in_both_languages(defaults: Settings) -> None:
    service = defaults.service("HZ02")
    assert (service.name.in_language("zh-CN"), service.name.in_language("en")) == ("身份证取证", "Collect an ID card")
    assert service.who.in_language("en").startswith("The holder")


def test_no_packaged_file_is_left_out() -> None:
    for file in packaged_folder().rglob("*.toml"):
        assert tomllib.loads(file.read_text("utf-8")) is not None


def test_what_to_mind_is_said_once_a_person_confirmed_it(tmp_path: Path) -> None:
    file = station(tmp_path, "[services.HZ03.mind]\nconfirmed = true\n")
    told, silent = (
        {k: zh for k, zh, _ in notice_facts(s, s.service("HZ03"))} for s in (load_settings(file), load_settings())
    )
    assert "芯片" in told["fact-mind"]
    assert "fact-mind" not in silent


@pytest.mark.parametrize("names", ["", "f" * 64])
def test_a_threshold_is_of_the_recogniser_it_judges(names: str) -> None:
    file = {"models/network.dat": ("e" * 64, 22_466_066)}
    model = {"file": "models/network.dat", "sha256": "e" * 64, "size": 22_466_066}
    brought = {"models": {"face-recogniser-dlib": model}}

    def pushed(of_model: str) -> dict[str, object]:
        return {"brought": brought, "identity": {"thresholds": {"dlib": {"of_model": of_model}}}}

    with pytest.raises(SettingsError, match=r"of_model does not name models/network\.dat"):
        _ = load_settings(pushed=pushed(names), files=file)
    settings = load_settings(pushed=pushed("e" * 64), files=file)
    assert settings.identity.thresholds["dlib"].validated == "", "it was measured nowhere yet"
    with pytest.raises(SettingsError, match="of_model does not name the recogniser that is installed"):
        _ = load_settings(pushed={"identity": {"thresholds": {"dlib": {"of_model": "e" * 64}}}})
