"""The fingerprint sensor line by line."""

from __future__ import annotations

from kiosk.people.synthetic import Finger, Situation, same_finger
from kiosk.simulation.state import Device
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import hand_on, in_world


def test_a_touch_is_captured_once_and_matches_its_template() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", situation=Situation.ORDINARY.value)
        hand = await hand_on(world, Device.FINGERPRINT)
        await hand.say(b"CAPTURE 5000\n")
        assert await hand.hear_all(1.0) == b""
        world.call("touch-finger", finger="left-thumb")
        word, quality, features = (await hand.hear_all()).decode().split()
        assert word == "FINGER" and 0 <= int(quality) <= 100
        person = world.scene.require_visitor()
        assert same_finger(bytes.fromhex(features), person.template(Finger.LEFT_THUMB))
        enrolled = person.template(Finger.LEFT_THUMB).hex()
        other = person.template(Finger.RIGHT_THUMB).hex()
        assert await hand.ask(f"MATCH {features} {enrolled}\n".encode()) == b"MATCH yes\n"
        assert await hand.ask(f"MATCH {features} {other}\n".encode()) == b"MATCH no\n"
        assert await hand.ask(b"CAPTURE 1000\n") == b"ERR timeout\n"

    in_world(visit)


def test_two_touches_of_a_finger_differ_and_equal_worlds_give_equal_touches() -> None:
    def touches() -> list[bytes]:
        heard: list[bytes] = []

        async def visit(world: VirtualWorld) -> None:
            world.call("person-arrives", citizen=100)
            hand = await hand_on(world, Device.FINGERPRINT)
            for _ in range(2):
                world.call("touch-finger", finger="right-thumb")
                heard.append(await hand.ask(b"CAPTURE 1000\n"))

        in_world(visit)
        return heard

    first = touches()
    assert first[0] != first[1]
    assert touches() == first


def test_faults_have_words() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=100)
        hand = await hand_on(world, Device.FINGERPRINT)
        assert await hand.ask(b"STATUS\n") == b"STATUS ok\n"
        world.call("fault", device="fingerprint", fault="dirty")
        assert await hand.ask(b"STATUS\n") == b"STATUS dirty\n"
        world.call("touch-finger", finger="right-thumb")
        answer = (await hand.ask(b"CAPTURE 1000\n")).decode().split()
        assert int(answer[1]) < 40
        enrolled = world.scene.require_visitor().template(Finger.RIGHT_THUMB)
        assert not same_finger(bytes.fromhex(answer[2]), enrolled)
        world.call("clear", device="fingerprint")
        world.call("fault", device="fingerprint", fault="read-failed")
        world.call("touch-finger", finger="right-thumb")
        assert await hand.ask(b"CAPTURE 1000\n") == b"ERR read-failed\n"
        world.call("fault", device="fingerprint", fault="busy", times=1)
        assert await hand.ask(b"CAPTURE 1000\n") == b"ERR busy\n"
        world.call("fault", device="fingerprint", fault="broken")
        assert await hand.ask(b"STATUS\n") == b"STATUS fault\n"
        assert await hand.ask(b"NONSENSE\n") == b"ERR bad-request\n"
        assert await hand.ask(b"MATCH 00 zz\n") == b"ERR bad-request\n"

    in_world(visit)


def test_somebody_else_s_finger_does_not_match() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=100)
        hand = await hand_on(world, Device.FINGERPRINT)
        world.call("touch-finger", finger="right-thumb", of=101)
        features = (await hand.ask(b"CAPTURE 1000\n")).decode().split()[2]
        enrolled = world.scene.require_visitor().template(Finger.RIGHT_THUMB).hex()
        assert await hand.ask(f"MATCH {features} {enrolled}\n".encode()) == b"MATCH no\n"

    in_world(visit)
