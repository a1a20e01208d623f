"""The calendars that come with the house: whole, plainly a sample, and of use."""

import re
from datetime import time, timedelta

from afterbell.almanac.ics import read
from afterbell.almanac.vtimezone import vtimezone
from afterbell.places.calendars import check_calendars
from tests.ground.children import ROOT

FOLDER = ROOT / "calendars"
SAMPLE = (FOLDER / "district.ics").read_bytes()


def test_every_file_can_be_used() -> None:
    assert check_calendars(FOLDER) == []


def test_the_district_opens_after_school_and_on_saturdays() -> None:
    found = [(window.weekday, window.opens, window.closes, window.until) for window in read(SAMPLE).windows]
    assert found == [*((weekday, time(15), time(22), None) for weekday in range(5)), (5, time(8), time(22), None)]


def test_it_says_in_its_name_that_it_is_a_sample_to_be_checked() -> None:
    name = re.search(r"X-WR-CALNAME:(.*)", SAMPLE.decode())
    assert name is not None
    assert "sample" in name[1]
    assert "check with the district" in name[1]


def test_each_closure_has_an_identity_of_its_own_and_a_reason() -> None:
    closures = read(SAMPLE).closures
    assert len({closure.uid for closure in closures}) == len(closures) > 20
    assert {closure.reason for closure in closures} >= {"Labor Day", "Veterans Day"}
    assert max(closure.last_exclusive - closure.first for closure in closures) < timedelta(days=90)


def test_its_time_zone_is_the_one_that_feeds_carry() -> None:
    written = re.search(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\n", SAMPLE.decode().replace("\r\n", "\n"), re.DOTALL)
    assert written is not None
    assert written[0] == vtimezone("America/Los_Angeles").replace("\r\n", "\n")
