"""Where the visitor stands before the camera."""

from __future__ import annotations

import pytest

from kiosk.people.synthetic import Situation
from kiosk.simulation.scene import Impossible
from kiosk.simulation.state import Stance
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import in_world


def test_a_visitor_moves_step_by_step_as_far_as_anybody_can_and_the_next_one_stands_as_usual() -> None:
    async def visit(world: VirtualWorld) -> None:
        with pytest.raises(Impossible):
            world.call("stand", up=0.1)
        world.call("person-arrives", situation=Situation.ORDINARY.value)
        world.call("stand", up=0.03)
        assert world.call("stand", up=0.03, nearer=-0.05)["stance"] == {"up": 0.06, "nearer": -0.05}
        assert world.call("stand", up=1, nearer=-1)["stance"] == {"up": 0.3, "nearer": -0.6}
        world.call("person-arrives", situation=Situation.ORDINARY.value)
        assert world.scene.state.stance == Stance()

    in_world(visit)
