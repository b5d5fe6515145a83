"""The same key and the same request give the same answer, yes or no; the same key and another request are refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from noren.kit.actor import Actor, ActorKind
from noren.points import actions, queries
from noren.points.models import Idempotency
from noren.points.rules import request_hash
from tests.cast import NOW
from tests.points.books import LIMITED, NORMAL, ON, Door, back, change, give, held, move, total, use, wallet_id

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def spent(place: object) -> actions.Receipt:
    del place
    give(1, 1000)
    return use(1, 100)


ACTIONS: list[tuple[str, Callable[[actions.Receipt, int], actions.Receipt]]] = [
    ("grant", lambda _spent, points: give(1, points, key="k")),
    ("spend", lambda _spent, points: use(1, points, key="k")),
    ("reverse", lambda spent, points: back(1, spent.posting_id, points, key="k")),
    ("add", lambda _spent, points: change(1, points, NORMAL, key="k")),
    ("take", lambda _spent, points: change(1, -points, key="k")),
    ("transfer", lambda _spent, points: move(1, 2, points, key="k")),
]


@pytest.mark.parametrize("action", [action for _name, action in ACTIONS], ids=[name for name, _action in ACTIONS])
def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(
    spent: actions.Receipt, action: Callable[[actions.Receipt, int], actions.Receipt]
) -> None:
    first = action(spent, 10)
    after = held(1), held(2)
    again = action(spent, 10)
    assert again == actions.Receipt(first.posting_id, first.points, first.balance, replayed=True)
    assert (held(1), held(2)) == after
    with pytest.raises(actions.KeyConflict) as refused:
        action(spent, 11)
    assert refused.value.code == "points.key_conflict"
    assert (held(1), held(2)) == after
    assert queries.verify() == []


def test_a_key_belongs_to_one_kind_of_request() -> None:
    give(1, 100, key="k")
    with pytest.raises(actions.KeyConflict):
        use(1, 100, key="k")


def test_a_retry_may_come_later_and_through_another_door() -> None:
    give(1, 100)
    first = use(1, 40, key="k")
    later = Door(on=ON + timedelta(days=1), actor=Actor(ActorKind.SYSTEM, "retry"), now=NOW + timedelta(days=1))
    assert use(1, 40, key="k", door=later).posting_id == first.posting_id
    assert total(1) == 60


def test_kinds_are_part_of_what_is_asked_and_keys_from_before_there_were_any_still_answer() -> None:
    give(1, 100)
    first = use(1, 40, key="k")
    as_it_was = request_hash("spend", points=40, use="bill", reason="application")
    assert bytes(Idempotency.objects.get(wallet_id=wallet_id(1), key="k").request_hash) == as_it_was
    assert use(1, 40, key="k", kinds=()).posting_id == first.posting_id
    with pytest.raises(actions.KeyConflict):
        use(1, 40, key="k", kinds=("normal",))
    use(1, 10, key="m", kinds=("normal", "limited"))
    assert use(1, 10, key="m", kinds=("limited", "normal", "limited")).replayed
    assert total(1) == 50


def test_the_same_key_means_something_else_in_another_wallet() -> None:
    give(1, 100, key="k")
    assert not give(2, 100, key="k").replayed


def test_a_refusal_stays_a_refusal() -> None:
    give(1, 100)
    with pytest.raises(actions.InsufficientPoints):
        use(1, 500, key="k")
    give(1, 1000)
    with pytest.raises(actions.InsufficientPoints, match="500 points are asked for, and 100 can be used"):
        use(1, 500, key="k")
    assert total(1) == 1100
    assert use(1, 500).points == -500


def test_every_refusal_of_a_wallet_that_exists_is_kept() -> None:
    granted = give(1, 100, LIMITED)
    change(1, -200, allow_negative=True)
    refusing: list[tuple[type[Exception], Callable[[], object]]] = [
        (actions.InsufficientPoints, lambda: use(1, 1, key="a")),
        (actions.InsufficientPoints, lambda: change(1, -1, key="b")),
        (actions.NoSuchPosting, lambda: back(1, granted.posting_id, key="c")),
        (actions.InArrears, lambda: move(1, 2, key="d")),
    ]
    for _round in range(2):
        for refusal, attempt in refusing:
            with pytest.raises(refusal):
                attempt()
        give(1, 5000, LIMITED)
    kept = Idempotency.objects.filter(wallet_id=wallet_id(1), key__in="abcd")
    assert kept.count() == 4
    assert queries.verify() == []
