"""What is done to a server."""

from random import Random

from tests.chaos.killer import PAUSE, POWER_CUT, SHARES, draw_strikes


def test_forty_kills_are_of_every_kind_besides_pauses_and_power_cuts() -> None:
    strikes = draw_strikes(Random(1), kills=40, pauses=10, cuts=20)
    assert len(strikes) == 70
    assert (strikes.count(PAUSE), strikes.count(POWER_CUT)) == (10, 20)
    assert {*strikes} == {*SHARES, PAUSE, POWER_CUT}


def test_the_same_seed_gives_the_same_strikes() -> None:
    assert draw_strikes(Random(7), kills=90, pauses=3, cuts=0) == draw_strikes(Random(7), kills=90, pauses=3, cuts=0)
    assert len(draw_strikes(Random(7), kills=90, pauses=3, cuts=0)) == 93
