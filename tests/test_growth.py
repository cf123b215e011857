"""The yardstick itself tells linear growth from growth with the square."""

from tests.growth import LINEAR, growth


def test_linear_and_quadratic_work_differ() -> None:
    assert growth(lambda size: sum(range(size)), 100_000) < LINEAR
    assert growth(lambda size: [sum(range(size)) for _ in range(size)], 400, rounds=2) > LINEAR
