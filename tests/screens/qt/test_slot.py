from kiosk.screens.qt.slot import LatestSlot


def test_the_latest_wins_and_wakes_once() -> None:
    wakes: list[int] = []
    slot = LatestSlot(lambda: wakes.append(1))
    for revision in range(1, 600):
        slot.put_page(revision, {"revision": revision})
        slot.put_live({"seconds": revision})
    assert len(wakes) == 1
    fetched = slot.fetch()
    assert fetched.page == {"revision": 599}
    assert fetched.live == {"seconds": 599}
    assert slot.revision == 599


def test_after_a_fetch_the_next_put_wakes_again_and_only_what_changed_is_given() -> None:
    wakes: list[int] = []
    slot = LatestSlot(lambda: wakes.append(1))
    slot.put_page(1, {})
    slot.fetch()
    slot.put_live({"seconds": 1})
    assert len(wakes) == 2
    fetched = slot.fetch()
    assert fetched.page is None
    assert fetched.live == {"seconds": 1}
