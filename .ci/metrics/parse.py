"""Reads both formats with the parsers of Prometheus' Python client: `parse.py FOLDER`.

The folder holds what was read, `old.txt` and `new.txt`, each with its headers in `….head`.
"""

import sys
from pathlib import Path

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_new
from prometheus_client.parser import text_string_to_metric_families as read_old

LEAST_SERIES = 100


def kind_of(head: str) -> str:
    lines = (line.split(":", 1) for line in head.splitlines() if ":" in line)
    return next(value.strip() for name, value in lines if name.lower() == "content-type")


def series(families) -> dict:
    found = {}
    for family in families:
        assert family.documentation, f"{family.name} has no help"
        assert family.type in ("gauge", "counter"), f"{family.name} is a {family.type}"
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"{key} is there twice"
            found[key] = sample.value
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    old_kind = kind_of((folder / "old.txt.head").read_text())
    new_kind = kind_of((folder / "new.txt.head").read_text())
    assert old_kind == "text/plain; version=0.0.4; charset=utf-8", old_kind
    assert new_kind.startswith("application/openmetrics-text; version=1.0.0"), new_kind
    old = series(read_old((folder / "old.txt").read_text()))
    new = series(read_new((folder / "new.txt").read_text()))
    assert old.keys() == new.keys(), old.keys() ^ new.keys()
    assert len(old) >= LEAST_SERIES, f"only {len(old)} series"
    print(f"{len(old)} series, the same in both formats")


if __name__ == "__main__":
    main()
