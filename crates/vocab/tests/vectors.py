#!/usr/bin/env python3
"""Writes vectors for the calendar rules, computed a second time with Python's zoneinfo.

Independent of the Rust code on purpose: holidays are listed year by year, business hours are one sorted list of
intervals per zone. Only the standard library; the same output on every run. Exits with 3 when this Python has no
time zone data. Usage: vectors.py > vectors.tsv
"""

import bisect
import sys
from datetime import date, datetime, time, timedelta, timezone

ZONES = [
    "America/New_York",
    "America/Indiana/Knox",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Puerto_Rico",
    "Pacific/Honolulu",
]
try:
    from zoneinfo import ZoneInfo

    TZ = [ZoneInfo(name) for name in ZONES]
except Exception as problem:  # no zoneinfo, or no data for it
    print(problem, file=sys.stderr)
    sys.exit(3)

FIRST_YEAR, LAST_YEAR = 2018, 2043
OPEN, CLOSE = time(8), time(18)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1)


def weekday_of(year, month, weekday, n):
    """The nth weekday (Monday 0) of a month; n = -1 is the last."""
    days = [date(year, month, 1) + i * DAY for i in range(31)]
    days = [d for d in days if d.month == month and d.weekday() == weekday]
    return days[n - 1] if n > 0 else days[-1]


def observed(d):
    return d - DAY if d.weekday() == 5 else d + DAY if d.weekday() == 6 else d


def holidays(year):
    days = [
        observed(date(year, 1, 1)),
        weekday_of(year, 1, 0, 3),
        weekday_of(year, 2, 0, 3),
        weekday_of(year, 5, 0, -1),
        observed(date(year, 7, 4)),
        weekday_of(year, 9, 0, 1),
        weekday_of(year, 10, 0, 2),
        observed(date(year, 11, 11)),
        weekday_of(year, 11, 3, 4),
        observed(date(year, 12, 25)),
    ]
    return days + ([observed(date(year, 6, 19))] if year >= 2021 else [])


HOLIDAYS = {d for year in range(FIRST_YEAR, LAST_YEAR + 2) for d in holidays(year)}


def all_days():
    d = date(FIRST_YEAR, 1, 1)
    while d.year <= LAST_YEAR:
        yield d
        d += DAY


BUSINESS = [d for d in all_days() if d.weekday() < 5 and d not in HOLIDAYS]


def seconds(local, zone):
    """Epoch seconds of a local reading: the earlier one in a fold, moved forward by the gap in a gap."""
    aware = local.replace(tzinfo=TZ[zone], fold=0).astimezone(timezone.utc)
    return int((aware.replace(tzinfo=None) - EPOCH).total_seconds())


def local(at, zone):
    utc = (EPOCH + timedelta(seconds=at)).replace(tzinfo=timezone.utc)
    return utc.astimezone(TZ[zone]).replace(tzinfo=None)


OPENINGS = [
    [(seconds(datetime.combine(d, OPEN), z), seconds(datetime.combine(d, CLOSE), z)) for d in BUSINESS]
    for z in range(len(ZONES))
]
CLOSES = [[close for _, close in hours] for hours in OPENINGS]
# Open seconds before each business day; the clocks never change between the opening and the close.
WORKED = [i * (CLOSE.hour - OPEN.hour) * 3600 for i in range(len(BUSINESS))]


def open_before(at, zone):
    """Open seconds from the first business day until an instant."""
    i = bisect.bisect_right(CLOSES[zone], at)
    return WORKED[i] + max(0, at - OPENINGS[zone][i][0])


def when_open(worked, zone):
    """The earliest instant by which so many seconds, more than none, were open."""
    i = bisect.bisect_left(WORKED, worked) - 1
    return OPENINGS[zone][i][0] + worked - WORKED[i]


def end_of(d, zone):
    return seconds(datetime.combine(d + DAY, time(0)), zone)


def close_of(d, zone):
    return seconds(datetime.combine(d, CLOSE), zone)


def nth_business(d, n):
    return BUSINESS[bisect.bisect_right(BUSINESS, d) + n - 1]


def on_day(at, n, kind, zone):
    """The end of the nth day after a local time, by the kind of the span."""
    business, same_time = kind.startswith("business"), kind.endswith("same time")
    day = nth_business(at.date(), n) if business else at.date() + n * DAY
    if same_time:
        return seconds(datetime.combine(day, at.time()), zone)
    return close_of(day, zone) if business else end_of(day, zone)


def due(start, kind, n, zone):
    if kind == "min":
        return start + 60 * n
    if kind == "business minutes":
        return when_open(open_before(start, zone) + 60 * n, zone)
    return on_day(local(start, zone), n, kind, zone)


def days_entered(a, b, kind, zone):
    first, last = local(a, zone).date(), local(b, zone).date()
    if kind.startswith("business"):
        return bisect.bisect_right(BUSINESS, last) - bisect.bisect_right(BUSINESS, first)
    return (last - first).days


def elapsed(a, b, kind, zone):
    if kind == "min":
        return (b - a) // 60
    if kind == "business minutes":
        return (open_before(b, zone) - open_before(a, zone)) // 60
    return days_entered(a, b, kind, zone)


def resume(was_due, paused, resumed, kind, zone):
    if kind == "min":
        return was_due + resumed - paused
    if kind == "business minutes":
        lost = open_before(resumed, zone) - open_before(paused, zone)
        return when_open(open_before(was_due, zone) + lost, zone) if lost else was_due
    n = days_entered(paused, resumed, kind, zone)
    if n == 0:
        return was_due
    last_second = was_due if kind.endswith("same time") else was_due - 1
    return on_day(local(last_second, zone), n, kind, zone)


def warn_ms(start, was_due, kind, percent, zone):
    if not kind.startswith("business"):
        return start * 1000 + (was_due - start) * 10 * percent
    worked_ms = (open_before(was_due, zone) - open_before(start, zone)) * 10 * percent
    if worked_ms == 0:
        return None
    until_ms = open_before(start, zone) * 1000 + worked_ms
    whole = -(-until_ms // 1000)
    return min(when_open(whole, zone) * 1000 - (whole * 1000 - until_ms), was_due * 1000)


class Dice:
    """A small generator that is the same on every Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n


# Days around which rules go wrong: clock changes, year ends, leap days, observed holidays, after January 2038.
HARD_DAYS = [
    date(2019, 11, 3), date(2020, 2, 28), date(2020, 3, 8), date(2021, 6, 18), date(2021, 12, 24),
    date(2021, 12, 31), date(2023, 1, 1), date(2024, 2, 29), date(2024, 3, 10), date(2024, 11, 3),
    date(2026, 3, 8), date(2026, 7, 3), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 26),
    date(2027, 6, 18), date(2027, 12, 31), date(2028, 2, 28), date(2028, 11, 10), date(2032, 12, 31),
    date(2038, 1, 19), date(2038, 3, 14), date(2038, 11, 7), date(2040, 2, 29),
]
KINDS = [
    ("min", [30, 60, 1440, 2880, 4320, 10080]),
    ("business minutes", [15, 60, 240, 600, 601, 4800]),
    ("calendar days", [0, 1, 2, 7, 14, 30, 60, 365]),
    ("calendar days, same time", [1, 2, 7, 14, 30]),
    ("business days", [1, 2, 3, 5, 10, 20]),
    ("business days, same time", [1, 2, 3, 5, 10]),
]


def starts(dice, zone):
    for day in HARD_DAYS:
        for _ in range(5):
            at = datetime.combine(day + (dice.below(5) - 2) * DAY, time(0)) + timedelta(minutes=dice.below(1440))
            yield seconds(at, zone)
        for hour, minute in [(2, 30), (18, 0)]:
            yield seconds(datetime.combine(day, time(hour, minute)), zone)
        yield seconds(datetime.combine(day, time(0, 30)), zone) + 7200  # the later half of a fold
    for _ in range(40):
        yield 1546300800 + dice.below(20 * 365 * 86400)


def main():
    print("# Vectors of the calendar rules, written by vectors.py: change that. Epoch seconds; warn results in ms.")
    for zone in range(len(ZONES)):
        dice = Dice(zone + 1)
        for start in starts(dice, zone):
            for kind, amounts in KINDS:
                vectors_of(start, kind, amounts[dice.below(len(amounts))], dice, zone)


def vectors_of(start, kind, n, dice, zone):
    """Prints when a span is due, and one more thing about it for three in five."""
    end = due(start, kind, n, zone)
    print("due", zone, kind, n, start, end, sep="\t")
    what = dice.below(5)
    later = start + 60 * (1 + dice.below(20_000))
    if what == 0:
        percent = 1 + dice.below(100)
        warned = warn_ms(start, end, kind, percent, zone)
        if warned is not None:
            print("warn", zone, kind, n, start, end, percent, warned, sep="\t")
    elif what == 1:
        print("resume", zone, kind, n, end, start, later, resume(end, start, later, kind, zone), sep="\t")
    elif what == 2:
        print("elapsed", zone, kind, n, start, later, elapsed(start, later, kind, zone), sep="\t")


if __name__ == "__main__":
    main()
