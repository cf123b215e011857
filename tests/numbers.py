"""Personal numbers of nobody: their last digits are of the series that the Tax Agency keeps for tests."""

import datetime
import random

from hypothesis import strategies as st

SERIES = range(980, 990)


def check_digit(nine: str) -> int:
    products = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return -sum(product // 10 + product % 10 for product in products) % 10


def twelve_digits(chance: random.Random) -> str:
    """A personal or coordination number with its century."""
    date = datetime.date(1900, 1, 1) + datetime.timedelta(days=chance.randrange(45_000))
    day = date.day + chance.choice((0, 60))
    nine = f"{date:%y%m}{day:02}{chance.choice(SERIES)}"
    return f"{date:%Y}"[:2] + nine + str(check_digit(nine))


def writings(number: str) -> tuple[str, ...]:
    """The ways in which documents print a number of twelve digits."""
    date, last = number[:8], number[8:]
    return (
        number,
        f"{date}-{last}",
        number[2:],
        f"{date[2:]}-{last}",
        f"{date[2:]}+{last}",
        f"{date[2:]} {last}",
        f"{date[2:]}–{last}",
        f"{date[2:]}-\n{last}",
        f"{date[:4]}-{date[4:6]}-{date[6:]}-{last}",
        f"{date[2:]}-T{last[1:]}",
    )


@st.composite
def number_in_some_writing(draw: st.DrawFn) -> str:
    number = twelve_digits(draw(st.randoms(use_true_random=False)))
    return draw(st.sampled_from(writings(number)))
