from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.periods import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai", "Asia/Beirut", "Pacific/Apia",
    "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll", "UTC",
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "hours"), [(28, 24), (29, 23), (30, 24)], ids=["before", "spring", "after"]
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: int, hours: int) -> None:
    period = Calendar(BERLIN).around(datetime(2026, 3, day, 12, tzinfo=BERLIN))
    assert (period.first, period.last) == (date(2026, 3, day), date(2026, 3, day))
    assert period.end - period.begin == timedelta(hours=hours)
    assert period.begin == datetime(2026, 3, day, tzinfo=BERLIN)


def test_a_day_in_autumn_has_an_hour_more() -> None:
    period = Calendar(BERLIN).around(datetime(2026, 10, 25, 12, tzinfo=BERLIN))
    assert period.end - period.begin == timedelta(hours=25)
    assert period.begin == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert period.end == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_week_is_from_monday_to_sunday() -> None:
    period = Calendar(BERLIN, weekly=True).around(datetime(2026, 3, 29, 23, tzinfo=BERLIN))
    assert (period.first, period.last) == (date(2026, 3, 23), date(2026, 3, 29))
    assert period.first.isoweekday() == 1
    assert period.end - period.begin == timedelta(days=7, hours=-1)


def test_a_day_that_begins_in_the_morning_bears_the_name_of_its_end() -> None:
    calendar = Calendar(BERLIN, time(7))
    early = calendar.around(datetime(2026, 11, 22, 6, 59, tzinfo=BERLIN))
    late = calendar.around(datetime(2026, 11, 22, 7, tzinfo=BERLIN))
    assert (early.first, early.last) == (date(2026, 11, 21), date(2026, 11, 22))
    assert (late.first, late.last) == (date(2026, 11, 22), date(2026, 11, 23))
    assert early.end == late.begin == datetime(2026, 11, 22, 7, tzinfo=BERLIN)
    assert calendar.before(late) == early


def test_a_time_that_the_clocks_jump_over_or_show_twice_is_one_moment() -> None:
    calendar = Calendar(BERLIN, time(2, 30))
    spring = calendar.around(datetime(2026, 3, 29, 12, tzinfo=BERLIN))
    assert spring.begin == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = calendar.around(datetime(2026, 10, 25, 12, tzinfo=BERLIN))
    assert autumn.begin == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_has_no_moment() -> None:
    calendar = Calendar(ZoneInfo("Pacific/Apia"))
    after = calendar.around(datetime(2011, 12, 30, 12, tzinfo=UTC))
    assert after.first == date(2011, 12, 31)
    assert calendar.before(after).first == date(2011, 12, 29)


@given(
    st.sampled_from(ZONES),
    st.times(),
    st.booleans(),
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),
)
def test_every_moment_is_in_one_period_and_none_is_between_two(
    zone: str, at: time, weekly: bool, naive: datetime
) -> None:
    calendar = Calendar(ZoneInfo(zone), at.replace(second=0, microsecond=0), weekly)
    moment = naive.replace(tzinfo=UTC)
    period = calendar.around(moment)
    assert period.begin <= moment < period.end
    assert calendar.around(period.begin) == period
    assert calendar.around(period.end).begin == period.end
    assert calendar.before(period).end == period.begin
