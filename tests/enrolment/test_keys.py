"""Keys: in files, one generation after another; and in a real module, a software one, by PKCS#11."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from central.fleet.authority import Authority
from kiosk.backend.proof import NoKey
from kiosk.enrolment.keys import FileKey, Generations, KeyStore, NotOurs
from kiosk.enrolment.module import ModuleKey, ModuleSpec
from kiosk.protocol import possession
from tests.central.office import StillClock

NAME = "KDL-001"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), StillClock().now())


def signed(authority: Authority, request: str) -> str:
    made = authority.sign(x509.load_pem_x509_csr(request.encode()), NAME, StillClock().now())
    return made.public_bytes(Encoding.PEM).decode()


def generations(folder: Path) -> Generations:
    return Generations(folder / "identity" / "terminal.crt", folder / "identity" / "terminal.key")


def make_token(folder: Path) -> ModuleSpec:
    """A module's token of its own in `folder`; SOFTHSM2_CONF must name its conf."""
    (folder / "tokens").mkdir(parents=True)
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", "utf-8")
    (folder / "pin").write_text("246813\n", "utf-8")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "kiosk", "--pin", "246813", "--so-pin", "135792"],
        env={"SOFTHSM2_CONF": str(folder / "conf"), "PATH": "/usr/bin"},
        check=True,
        capture_output=True,
        timeout=30,
    )
    return ModuleSpec(SOFTHSM, "kiosk", "terminal", folder / "pin")


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleSpec]:
    folder = tmp_path_factory.mktemp("module")
    spec = make_token(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        yield spec
        pkcs11.unload(str(SOFTHSM))


@pytest.mark.parametrize("kind", ["file", "module"])
def test_one_interface_for_a_key_in_a_file_and_in_a_module(kind: str, tmp_path: Path, module: ModuleSpec) -> None:
    key: KeyStore = FileKey(tmp_path / "key") if kind == "file" else ModuleKey(module)
    with pytest.raises(NoKey):
        _ = key.sign(b"text")
    key.make()
    public = key.public()
    signature = key.sign(b"text")
    assert possession.verifies(public, signature, b"text") and not possession.verifies(public, signature, b"other")
    key.make()
    assert key.public() == public, "one that is there stays"
    if isinstance(key, ModuleKey):
        key.let_go()


def test_what_is_in_the_module_does_not_come_out(module: ModuleSpec) -> None:
    key = ModuleKey(module)
    key.make()
    key.let_go()
    token = pkcs11.lib(str(SOFTHSM)).get_token(token_label="kiosk")
    with token.open(user_pin="246813") as session:
        found = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="terminal")
        assert (found[pkcs11.Attribute.SENSITIVE], found[pkcs11.Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(pkcs11.AttributeSensitive):
            _ = found[pkcs11.Attribute.VALUE]


def test_who_lost_the_session_begins_another(module: ModuleSpec) -> None:
    first, second = ModuleKey(module), ModuleKey(module)
    first.make()
    public = second.public()
    first.let_go()
    assert possession.verifies(public, second.sign(b"text"), b"text")
    first.let_go()
    second.let_go()
    with pytest.raises(NoKey):
        _ = ModuleKey(ModuleSpec(SOFTHSM, "another", "terminal", module.pin)).public()


def test_a_key_in_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    ours = generations(tmp_path)
    _ = ours.asking(NAME)
    (file,) = tmp_path.glob("identities/*/terminal.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_new_pair_takes_the_place_of_the_old_one_in_one_step(tmp_path: Path, authority: Authority) -> None:
    ours = generations(tmp_path)
    assert ours.ours and ours.certificate() is None
    for number in range(1, 5):
        request = ours.asking(NAME)
        assert ours.asking(NAME) == request, "asked again after a lost answer"
        before = ours.certificate()
        ours.adopt(signed(authority, request))
        assert (tmp_path / "identity").readlink() == Path("identities") / f"{number:04d}"
        held = ours.certificate()
        assert held is not None and held != before and held.public_key() == ours.key().public()
    assert sorted(each.name for each in (tmp_path / "identities").iterdir()) == ["0003", "0004"]


@pytest.mark.parametrize("torn", ["terminal.key", "request.pem", "terminal.crt"])
def test_what_a_power_cut_left_is_no_obstacle(torn: str, tmp_path: Path, authority: Authority) -> None:
    ours = generations(tmp_path)
    ours.adopt(signed(authority, ours.asking(NAME)))
    first = ours.certificate()
    _ = ours.asking(NAME)
    (tmp_path / "identities" / "0002" / torn).write_bytes(b"-----BEGIN")
    (tmp_path / "identities" / "0002" / f"{torn}.part").write_bytes(b"")
    assert ours.certificate() == first
    ours.adopt(signed(authority, ours.asking(NAME)))
    assert ours.certificate() != first


def test_a_certificate_for_another_key_is_not_taken(tmp_path: Path, authority: Authority) -> None:
    ours, others = generations(tmp_path / "a"), generations(tmp_path / "b")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    _ = ours.asking(NAME)
    for wrong in (signed(authority, others.asking(NAME)), "no certificate"):
        with pytest.raises(NotOurs):
            ours.adopt(wrong)
    assert ours.certificate() is None


def test_files_that_somebody_else_laid_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "identity").mkdir()
    assert not generations(tmp_path).ours
    assert not Generations(tmp_path / "a" / "terminal.crt", tmp_path / "b" / "terminal.key").ours
