"""Dates, one line each: what was written, and the moment it means (UTC), None where it means none.

Most are from the wild, or forms that other parsers are known for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise import date_words, dates
from aggregator.normalise.dates import Reading, read_claim, read_date
from tests.normalise.places import NOW

UTC_ENGLISH = Reading(UTC, NOW, ["en"])
SHANGHAI = Reading(ZoneInfo("Asia/Shanghai"), NOW, ["zh-CN"])

ISO = {
    "2003-12-31T10:14:55Z": "2003-12-31 10:14:55",
    "2003-12-31t10:14:55z": "2003-12-31 10:14:55",
    "2003-12-31T10:14:55-08:00": "2003-12-31 18:14:55",
    "2003-12-31T18:14:55+08:00": "2003-12-31 10:14:55",
    "2003-12-31T18:14:55+0800": "2003-12-31 10:14:55",
    "2003-12-31T18:14+08": "2003-12-31 10:14:00",
    "2003-12-31T10:14:55.1234Z": "2003-12-31 10:14:55.123400",
    "2007-04-23T23:25:47.538+10:00": "2007-04-23 13:25:47.538000",
    "2026-11-20T08:30:00.123456789+08:00": "2026-11-20 00:30:00.123456",
    "2026-11-20T08:30:00,5Z": "2026-11-20 08:30:00.500000",
    "2026-11-20T08Z": "2026-11-20 08:00:00",
    "2018-12-12T12:12": "2018-12-12 12:12:00",
    "2020-11-08T16:20:00-05:00Z": "2020-11-08 21:20:00",
    "2018-10-23 04:07:42 +00:00": "2018-10-23 04:07:42",
    "2004-07-08 23:56:58 -00:20": "2004-07-09 00:16:58",
    "2004-07-08 23:56:58": "2004-07-08 23:56:58",
    "2004-07-08 23:56:58.0": "2004-07-08 23:56:58",
    "2026-11-20 08:30:00 UTC": "2026-11-20 08:30:00",
    "2026-11-20T08:30:00-05:00[America/New_York]": "2026-11-20 13:30:00",
    "2026-11-20 08:30": "2026-11-20 08:30:00",
    "2026-11-20Z": "2026-11-20 00:00:00",
    "2026-11-20+08:00": "2026-11-19 16:00:00",
    "20. 11. 2026 08:30": "2026-11-20 08:30:00",
    "2. 1. 2026": "2026-01-02 00:00:00",
    "2026-1-2 8:30": "2026-01-02 08:30:00",
    "2026/11/20 08:30": "2026-11-20 08:30:00",
    "2026.11.20": "2026-11-20 00:00:00",
    "20261120T083000Z": "2026-11-20 08:30:00",
    "20261120T083000+0800": "2026-11-20 00:30:00",
    "20261120": "2026-11-20 00:00:00",
    "2003-12-31": "2003-12-31 00:00:00",
    "2003-12": "2003-12-01 00:00:00",
    "2003": "2003-01-01 00:00:00",
    "2003-335": "2003-12-01 00:00:00",
    "2003335": "2003-12-01 00:00:00",
    "2004-W21-2": "2004-05-18 00:00:00",
    "2004-02-28T18:14:55-08:00": "2004-02-29 02:14:55",
    "2003-02-28T18:14:55-08:00": "2003-03-01 02:14:55",
    "03-12-31": "2003-12-31 00:00:00",
    "031231": "2003-12-31 00:00:00",
    "-0312": "2003-12-01 00:00:00",
    "-03-12": "2003-12-01 00:00:00",
    "03335": "2003-12-01 00:00:00",
    "2003-012-31T10:14:55+00:00": "2003-12-31 10:14:55",  # a zero too many
    "2003-12-31T24:00:00Z": "2004-01-01 00:00:00",
    "2016-12-31T23:59:60Z": "2017-01-01 00:00:00",
    "2003-12-31T25:14:55Z": None,
    "2003-12-31T10:61:55Z": None,
    "2003-12-31T10:14:61Z": None,
    "2013-01-27-01": None,
    "2013-01-28T11:30:00-06:00Textra": None,
    "2013-xx-27": None,
    "9999-12-31T23:59:59-99:99": None,
    "0000-00-00T00:00:00": None,
    "2026-02-32": None,
    "013": None,
}

NUMBERS = {
    "1700000000": "2023-11-14 22:13:20",
    "1700000000.25": "2023-11-14 22:13:20.250000",
    "1700000000123": "2023-11-14 22:13:20.123000",
    "1700000000123456": "2023-11-14 22:13:20.123456",
    "946684800": "2000-01-01 00:00:00",
    "20261120083000": "2026-11-20 08:30:00",
    "202611200830": "2026-11-20 08:30:00",
    "99999999999999": None,
    "12": None,
    "0": None,
    "-1": None,
}

RFC_822 = {
    "Thu, 01 Jan 2004 19:48:21 GMT": "2004-01-01 19:48:21",
    "Thu, 01 Jan 04 19:48:21 GMT": "2004-01-01 19:48:21",
    "Thu, 01 Jan 99 19:48:21 GMT": "1999-01-01 19:48:21",
    "01 Jan 2004 19:48:21 GMT": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48 GMT": "2004-01-01 19:48:00",
    "Thu, 01 Jan 2004": "2004-01-01 00:00:00",
    "Fri, 01 Jan 2004 19:48:21 GMT": "2004-01-01 19:48:21",  # it was a Thursday
    "Thu,01 Jan 2004 19:48:21GMT": "2004-01-01 19:48:21",
    "Thu,  5 Apr 2012 10:00:00 GMT": "2012-04-05 10:00:00",
    "Mon, 13 Feb, 2012 06:28:00 UTC": "2012-02-13 06:28:00",
    "Thu, 01 Jan 2004 19:48:21 Z": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48:21 UT": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48:21 -0000": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48:21 +0000": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48:21 -0500": "2004-01-02 00:48:21",
    "Tue, 20 Oct 2026 10:00:00 +0530": "2026-10-20 04:30:00",
    "Sun, 28 Oct 2018 13:48:00 +01:00": "2018-10-28 12:48:00",
    "Wed, 19 Feb 2012 22:40:00 GMT-01:01": "2012-02-19 23:41:00",
    "Thu, 01 Jan 2004 19:48:21 GMT+0800": "2004-01-01 11:48:21",
    "Thu, 01 Jan 2004 19:48:21 EST": "2004-01-02 00:48:21",
    "Thu, 01 Jul 2004 19:48:21 EDT": "2004-07-01 23:48:21",
    "Thu, 01 Jul 2004 19:48:21 PDT": "2004-07-02 02:48:21",
    "Thu, 01 Jan 2004 19:48:21 CST": "2004-01-02 01:48:21",
    "Thu, 30 Apr 2015 08:57:00 MET": "2015-04-30 07:57:00",
    "Thu, 30 Apr 2015 08:57:00 MEST": "2015-04-30 06:57:00",
    "Thu, 01 Jan 2004 19:48:21 CET": "2004-01-01 18:48:21",
    "Thu, 01 Jan 2004 19:48:21 BST": "2004-01-01 18:48:21",
    "Thu, 01 Jan 2004 19:48:21 IST": "2004-01-01 14:18:21",
    "Thu, 01 Jan 2004 19:48:21 JST": "2004-01-01 10:48:21",
    "Thu, 01 Jan 2004 19:48:21 AEDT": "2004-01-01 08:48:21",
    "Mon, 26 January 2004 16:31:00 AT": "2004-01-26 20:31:00",
    "Mon, 26 January 2004 16:31:00 ET": "2004-01-26 21:31:00",
    "Mon, 26 January 2004 16:31:00 PT": "2004-01-27 00:31:00",
    "Wed, 19 Aug 2009 18:28:00 Etc/GMT": "2009-08-19 18:28:00",
    "Fri, 31 Mar 2023 20:19:00 America/Los_Angeles": "2023-04-01 03:19:00",
    "Thu, 25 Feb 2016 00:00:00 Europe/Brussels": "2016-02-24 23:00:00",
    "Tue,  3 Feb 2015 23:15:00 +0100 (CET)": "2015-02-03 22:15:00",
    "Thu, 31 Jun 2004 19:48:21 GMT": "2004-07-01 19:48:21",  # June has 30
    "Thu, 01 Jan 2004 24:00:00 GMT": "2004-01-02 00:00:00",
    "Thursday, 01-Jan-04 19:48:21 GMT": "2004-01-01 19:48:21",
    "Thu, 01 Jan 2004 19:48:21 +01:00:00": "2004-01-01 18:48:21",
    "Thu, 01 Jan 2004 19:48:21 0100": "2004-01-01 18:48:21",  # without its sign
    "Thu Jan 01 19:48:21 2004": "2004-01-01 19:48:21",
    "Thu Jan 01 19:48:21 XYZ 2004": "2004-01-01 19:48:21",  # no such zone
    "19:48:21 JAN 01 2004": "2004-01-01 19:48:21",
    "Sun, 99 Jun 2009 12:00:00 GMT": None,
    "Sun, 16 Dec 2012 1:2:3:4 GMT": None,
    "Sun, 16 zzz 2012 11:47:32 GMT": None,
    "Sun, Dec x 2012 11:47:32 GMT": None,
    "Sun, 16 Dec zz 11:47:32 GMT": None,
    "Wed, 30 Nov -0001 00:00:00 +0000": None,
    "Thu, 01 Jan 0100 00:00:01 +0100": None,
}

KINDRED = {
    "Sun Jan  4 16:29:06 2004": "2004-01-04 16:29:06",  # asctime
    "Sun Jan  4 16:29:06 PST 2004": "2004-01-05 00:29:06",
    "Sun Jul 15 01:16:00 +0000 2012": "2012-07-15 01:16:00",
    "Thu Aug 30 2012 17:26:16 +0200": "2012-08-30 15:26:16",
    "Fri, 2006/09/15 08:19:53 EDT": "2006-09-15 12:19:53",  # Perforce
    "Thu Nov 12 2020 17:00:00 GMT+0800 (China Standard Time)": "2020-11-12 09:00:00",
    "Sun, 17 Dec 2017 1:55 PM EST": "2017-12-17 18:55:00",
    "Friday, December 22, 2017 - 3:09pm": "2017-12-22 15:09:00",
    "Friday, December 22, 2017 - 12:09 a.m.": "2017-12-22 00:09:00",
    "Nov. 16, 2020, 10:57 a.m.": "2020-11-16 10:57:00",
    "Thu, June 22, 2023 at 01:11 PM EDT": "2023-06-22 17:11:00",
    "March 30 2020 07:02:38 PM": "2020-03-30 19:02:38",
    "Mon, 16th Nov 2020 13:16:28 GMT": "2020-11-16 13:16:28",
    "Fri, 2 Sept 2011 10:00:00 +0100": "2011-09-02 09:00:00",
    "Tue, 3 Febuary 2010 00:00:00 GMT": "2010-02-03 00:00:00",
    "5 August, 2019": "2019-08-05 00:00:00",
    "26 Sep 2022 GMT": "2022-09-26 00:00:00",
    "Nov. 2020": "2020-11-01 00:00:00",
    "Mon, 03/30/2020 - 19:19": "2020-03-30 19:19:00",
    "09/15/2014 4:20 pm PST": "2014-09-16 00:20:00",
    "Fri, 26/06/2020": "2020-06-26 00:00:00",
    "05/06/2020": "2020-05-06 00:00:00",
    "10/30/23 21:55:58": "2023-10-30 21:55:58",
    "30.10.23": "2023-10-30 00:00:00",
    "Sat, 11 04 2020 08:51:49 +0100": "2020-04-11 07:51:49",
    "Nov 20 08:30": "2026-11-20 08:30:00",
    "20 Dec 08:30": "2025-12-20 08:30:00",  # the last one there was
}

LANGUAGES = {
    "Κυρ, 11 Ιούλ 2004 12:00:00 EST": "2004-07-11 17:00:00",
    "2004-július-13T9:15-05:00": "2004-07-13 14:15:00",
    "2004-05-25 오후 11:23:17": "2004-05-25 14:23:17",  # Korea has one zone
    "2004년 05월 28일  01:31:15": "2004-05-27 16:31:15",
    "2026/11/20 午後3:30": "2026-11-20 15:30:00",
    "2026年11月20日(金) 15時30分": "2026-11-20 15:30:00",
    "Di, 23 Jan 2018 00:00:00 +0100": "2018-01-22 23:00:00",
    "Do, 29 Mär 2018 00:00:00 +0200": "2018-03-28 22:00:00",
    "20. November 2026, 08:30 Uhr": "2026-11-20 08:30:00",
    "ven., 03 juil. 2020 15:09:58 +0000": "2020-07-03 15:09:58",
    "vendredi 20 novembre 2026 à 08h30": "2026-11-20 08:30:00",
    "Seg, 24 Set 2018 19:42:40 -0300": "2018-09-24 22:42:40",
    "20 de noviembre de 2026": "2026-11-20 00:00:00",
    "20 ноября 2026 г., 08:30": "2026-11-20 08:30:00",
    "Fri, 20 listopada 2026 10:00": "2026-11-20 10:00:00",
    "20 Kasım 2026": "2026-11-20 00:00:00",
    "20 नवंबर 2026": "2026-11-20 00:00:00",
    "٢٠ نوفمبر ٢٠٢٦": "2026-11-20 00:00:00",
    "2 hours ago": "2026-11-22 10:00:00",
    "1 day ago": "2026-11-21 12:00:00",
    "yesterday": "2026-11-21 12:00:00",
    "": None,
    "   ": None,
    "n/a": None,
    "May": None,
    "Monday": None,
    "invalid": None,
    "no date 2020": None,
    "x" * 200: None,
}

CHINESE = {
    "2026-11-20 08:30:00": "2026-11-20 00:30:00",
    "2026年11月20日 08:30": "2026-11-20 00:30:00",
    "2026年11月20日08时30分15秒": "2026-11-20 00:30:15",
    "2026 年 11 月 20 日": "2026-11-19 16:00:00",
    "2026年11月20日 星期五 下午3点30分": "2026-11-20 07:30:00",
    "2026年11月20日 上午 8:30": "2026-11-20 00:30:00",
    "2026年11月20日 凌晨12:30": "2026-11-19 16:30:00",
    "２０２６年１１月２０日　０８：３０": "2026-11-20 00:30:00",
    "11月20日 08:30": "2026-11-20 00:30:00",
    "11-20 08:30": "2026-11-20 00:30:00",
    "12-20 08:30": "2025-12-20 00:30:00",
    "3小时前": "2026-11-22 09:00:00",
    "5分钟前": "2026-11-22 11:55:00",
    "2天前": "2026-11-20 12:00:00",
    "刚刚": "2026-11-22 12:00:00",
    "昨天 08:30": "2026-11-21 00:30:00",
    "Thu, 20 Nov 2025 08:30:00 CST": "2025-11-20 00:30:00",  # China's, in China
    "2026-11-20T08:30:00Z": "2026-11-20 08:30:00",
}


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.mark.parametrize(
    ("written", "means"), (ISO | NUMBERS | RFC_822 | KINDRED | LANGUAGES).items()
)
def test_a_date_means_one_moment(written: str, means: str | None) -> None:
    assert read_date(written, UTC_ENGLISH) == moment(means)


@pytest.mark.parametrize(("written", "means"), CHINESE.items())
def test_a_date_without_a_zone_is_in_the_sources_zone(written: str, means: str | None) -> None:
    assert read_date(written, SHANGHAI) == moment(means)


@pytest.mark.parametrize(
    ("ahead", "taken"),
    [
        (timedelta(minutes=-1), NOW - timedelta(minutes=1)),
        (timedelta(minutes=9), NOW),
        (timedelta(minutes=11), None),
        (timedelta(days=365), None),
    ],
)
def test_a_clock_a_little_ahead_means_now_and_a_future_date_means_nothing(
    ahead: timedelta, taken: datetime | None
) -> None:
    assert read_date((NOW + ahead).isoformat(), UTC_ENGLISH) == taken


@pytest.mark.parametrize("absurd", ["1970-01-01T00:00:00Z", "1989-12-31T23:59:59Z", "1900-01-01"])
def test_a_date_before_1990_means_nothing(absurd: str) -> None:
    assert read_date(absurd, UTC_ENGLISH) is None


def test_a_claim_may_be_absurd() -> None:
    assert read_claim("1 Jan 1970", UTC_ENGLISH) == datetime(1970, 1, 1, tzinfo=UTC)
    assert read_claim("2999-01-01T00:00:00Z", UTC_ENGLISH) == datetime(2999, 1, 1, tzinfo=UTC)
    assert read_claim("31 foos", UTC_ENGLISH) is None


def test_times_that_a_change_of_the_clock_skips_or_repeats_have_the_offset_from_before_it() -> None:
    berlin = Reading(ZoneInfo("Europe/Berlin"), NOW, ["de"])
    assert read_date("2026-03-29 02:30:00", berlin) == moment("2026-03-29 01:30:00")
    assert read_date("2026-10-25 02:30:00", berlin) == moment("2026-10-25 00:30:00")
    assert read_date("2026-10-25 02:30:00 MEZ", berlin) == moment("2026-10-25 01:30:00")


@pytest.mark.parametrize(
    ("language", "means"),
    [("en-US", "2026-05-06"), ("en", "2026-05-06"), ("en-GB", "2026-06-05"), ("fr", "2026-06-05")],
)
def test_the_language_decides_the_order_of_day_and_month(language: str, means: str) -> None:
    assert read_date("05/06/2026", Reading(UTC, NOW, [language])) == moment(means)


def test_an_unknown_language_is_no_obstacle() -> None:
    assert read_date("20 ноября 2026", Reading(UTC, NOW, ["xx-YY"])) == moment("2026-11-20")


@given(st.text(max_size=40))
def test_any_text_is_a_date_within_bounds_or_none(text: str) -> None:
    found = read_date(text, UTC_ENGLISH)
    assert found is None or datetime(1990, 1, 1, tzinfo=UTC) <= found <= NOW


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 1)),
    st.sampled_from(["%a, %d %b %Y %H:%M:%S GMT", "%Y-%m-%dT%H:%M:%SZ", "%a %b %d %H:%M:%S %Y"]),
)
def test_the_common_forms_are_read_back_exactly(when: datetime, form: str) -> None:
    expected = when.replace(microsecond=0, tzinfo=UTC)
    assert read_date(when.strftime(form), UTC_ENGLISH) == expected


@pytest.mark.parametrize(
    ("names", "languages"),
    [
        ("jan fev mar abr mai jun jul ago set out nov dez", "pt"),
        ("ene feb mar abr may jun jul ago sep oct nov dic", "es"),
        ("gen feb mar apr mag giu lug ago set ott nov dic", "it"),
        ("janv févr mars avr mai juin juil août sept oct nov déc", "fr"),
        ("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez", "de"),
        ("jan feb mrt apr mei jun jul aug sep okt nov dec", "nl"),
    ],
)
def test_a_mail_date_with_a_foreign_month_is_what_dateparser_says(
    names: str, languages: str
) -> None:
    for number, name in enumerate(names.split(), 1):
        written = f"24 {name} 2018 19:42:40 -0300"
        moment = datetime(2018, number, 24, 22, 42, 40, tzinfo=UTC)
        assert read_claim(f"Seg, {written}", UTC_ENGLISH) == moment
        assert date_words.read(written, UTC_ENGLISH.today, [languages]) == moment


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 28)), st.integers(-1500, 1500))
def test_what_is_read_first_says_what_the_grammar_says(when: datetime, east: int) -> None:
    sign, minutes = "-" if east < 0 else "+", abs(east)
    for written in (
        f"{when:%a, %d %b %Y %H:%M:%S} {sign}{minutes // 60:02}{minutes % 60:02}",
        f"{when.day} {when:%B %Y %H:%M:%S} GMT",
    ):
        first = dates._usual(written)
        assert first is None or first == dates._written(written, UTC_ENGLISH)
