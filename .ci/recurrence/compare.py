"""Compares series and zones as Muster has them with python-dateutil and zoneinfo.

    recurrences 6000 1 > SERIES && ENV/bin/python compare.py SERIES

`recurrences` is the example of crates/domain; its lines are described at its top. The environment
has what stands in `requirements.txt`: the release of `tzdata` is the one that is built into Muster.
"""

import datetime
import itertools
import sys
import warnings
import zoneinfo

import tzdata
from dateutil import rrule

# As in the example.
PRINTED_MAX = 60
YEARS = 30
SHOWN_MAX = 20

UTC = datetime.timezone.utc
FIRST = datetime.datetime(2025, 1, 1, tzinfo=UTC)
LAST = datetime.datetime(2038, 1, 1, tzinfo=UTC)
# No zone sets its clocks twice within a week.
LOOK = datetime.timedelta(days=7)


def offset(zone, at):
    return int(at.astimezone(zone).utcoffset().total_seconds())


def changes(zone):
    """When a zone sets its clocks, found by looking at its offset, and then by halving."""
    at = FIRST
    while at < LAST:
        before, after = offset(zone, at), offset(zone, at + LOOK)
        if before != after:
            low, high = int(at.timestamp()), int((at + LOOK).timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, datetime.datetime.fromtimestamp(middle, UTC)) == before:
                    low = middle
                else:
                    high = middle
            if high < LAST.timestamp():
                yield high, before, after
        at += LOOK


def parse(text):
    return datetime.datetime.strptime(text, "%Y%m%dT%H%M%S")


def walls(text, start):
    """The wall-clock times of a series, by dateutil."""
    end = start.replace(year=start.year + YEARS) if (start.month, start.day) != (2, 29) else None
    # As jiff has it, thirty years after 29 February is the 28th.
    end = end or start.replace(year=start.year + YEARS, day=28)
    series = rrule.rruleset()
    for line in text.split():
        name, value = line.split(":")
        if name == "RRULE":
            parts = dict(part.split("=") for part in value.split(";"))
            until = min(parse(parts["UNTIL"]), end) if "UNTIL" in parts else end
            series.rrule(rrule.rrulestr(value, dtstart=start).replace(until=until))
        for date in value.split(",") if name in ("EXDATE", "RDATE") else []:
            (series.exdate if name == "EXDATE" else series.rdate)(parse(date))
    return itertools.takewhile(lambda wall: wall <= end, series)


def instant(wall, zone):
    """Of a doubled time the first; a skipped one by the offset before, which moves it on."""
    return int(wall.replace(tzinfo=zone, fold=0).timestamp())


class Comparison:
    def __init__(self):
        self.wrong = []
        self.series = self.occurrences = self.empty = self.changes = 0
        self.zones = {}
        self.tzdb = None

    def differ(self, what, ours, theirs):
        self.wrong.append(f"{what}\n  Muster: {ours}\n  Python: {theirs}")

    def take_series(self, start, name, text, instants):
        zone = zoneinfo.ZoneInfo(name)
        ours = [int(at) for at in instants.split(",") if at]
        found = walls(text, datetime.datetime.fromisoformat(start))
        theirs = [instant(wall, zone) for wall in itertools.islice(found, PRINTED_MAX)]
        self.series += 1
        self.occurrences += len(ours)
        self.empty += not ours
        if ours != theirs:
            self.differ(f"{text} from {start} in {name}", ours, theirs)

    def compare_zones(self):
        known = zoneinfo.available_timezones()
        if set(self.zones) - known:
            self.differ("zones that Python lacks", sorted(set(self.zones) - known), "")
        # Files kept for old software, which are no zones that anybody is in.
        missing = {name for name in known - set(self.zones) if name not in ("Factory", "localtime")}
        if missing:
            self.differ("zones that Muster lacks", "", sorted(missing))
        for name, (first, ours) in self.zones.items():
            if name not in known:
                continue
            zone = zoneinfo.ZoneInfo(name)
            theirs = list(changes(zone))
            self.changes += len(ours)
            if (first, ours) != (offset(zone, FIRST), theirs):
                self.differ(f"changes of {name}", ours, theirs)

    def take(self, line):
        kind, *fields = line.rstrip("\n").split("\t")
        if kind == "tzdb":
            (self.tzdb,) = fields
        elif kind == "zone":
            self.zones[fields[0]] = (int(fields[1]), [])
        elif kind == "change":
            self.zones[fields[0]][1].append(tuple(int(field) for field in fields[1:]))
        elif kind == "series":
            self.take_series(*fields)
        else:
            raise ValueError(f"what is this: {line}")


def main():
    # Our bound of what is looked at stands beside a count.
    warnings.filterwarnings("ignore", message="Using both 'count' and 'until'")
    comparison = Comparison()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            comparison.take(line)
    comparison.compare_zones()
    print(f"zones: Muster has {comparison.tzdb}, Python {tzdata.IANA_VERSION}")
    if comparison.tzdb != tzdata.IANA_VERSION:
        comparison.differ("the releases of the zones", comparison.tzdb, tzdata.IANA_VERSION)
    for difference in comparison.wrong[:SHOWN_MAX]:
        print(difference, file=sys.stderr)
    print(
        f"compared {comparison.series} series ({comparison.empty} without a date) with"
        f" {comparison.occurrences} occurrences, and {len(comparison.zones)} zones with"
        f" {comparison.changes} changes: {len(comparison.wrong)} differences"
    )
    enough = comparison.series >= 5000 and len(comparison.zones) >= 400
    if not enough:
        print("that is too little to mean anything", file=sys.stderr)
    sys.exit(1 if comparison.wrong or not enough else 0)


main()
