"""Asks a Prometheus that reads the figures what the dashboard for Grafana and the alert rules ask it:
`board.py PROMETHEUS BOARD`.

Every query of the dashboard is answered, and with something, but for those that are about what did
not happen; every rule can be evaluated, and none fires.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PATIENCE_S = 60
LEAST_QUERIES = 40
# What Grafana puts in their place when everything is chosen.
VARIABLES = {"$job": ".*", "$instance": ".*"}
# Queries for what did not happen have no answer.
FILTERS = ("== 1", "> 0")
# Nor have those for what happens to every bot sooner or later.
LATER = (
    "muster_tap_duration_seconds",
    "muster_command_duration_seconds",
    "muster_reminder_lag_seconds",
    "muster_shard_latency_seconds",
    "muster_backup_last_timestamp_seconds",
)


def ask(prometheus: str, path: str, **parameters: str) -> dict:
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        # It listens before it is ready to answer.
        if error.code == 503:
            raise
        raise SystemExit(f"{parameters or path}: {error.read().decode()}") from error


def until(prometheus: str, query: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if ask(prometheus, "query", query=query)["result"]:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"{query} has no answer after {PATIENCE_S} s")


def queries(board: dict) -> list[tuple[str, str]]:
    found = []
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for variable, value in VARIABLES.items():
                query = query.replace(variable, value)
            assert "$" not in query, f"{panel['title']}: {query} has a variable that is not known"
            found.append((panel["title"], query))
    return found


def main() -> None:
    prometheus, board = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    # Two readings, so that there are rates.
    until(prometheus, "count_over_time(muster_build_info[5m]) > 2")
    asked = queries(board)
    assert len(asked) >= LEAST_QUERIES, f"{len(asked)} queries"
    empty = [one for one in asked if not ask(prometheus, "query", query=one[1])["result"]]
    later = [title for title, query in empty if any(name in query for name in LATER)]
    wrong = [
        f"{title}: {query}"
        for title, query in empty
        if title not in later and not query.endswith(FILTERS)
    ]
    if wrong:
        raise SystemExit("no answer:\n" + "\n".join(wrong))
    if later:
        print("nothing to show yet: " + ", ".join(later))
    rules = [rule for group in ask(prometheus, "rules")["groups"] for rule in group["rules"]]
    deadline = time.monotonic() + PATIENCE_S
    while any(rule["health"] == "unknown" for rule in rules) and time.monotonic() < deadline:
        time.sleep(0.2)
        rules = [rule for group in ask(prometheus, "rules")["groups"] for rule in group["rules"]]
    wrong = [f"{rule['name']}: {rule['health']}" for rule in rules if rule["health"] != "ok"]
    if wrong or not rules:
        raise SystemExit("rules that cannot be evaluated: " + ", ".join(wrong))
    firing = [rule["name"] for rule in rules if rule["state"] == "firing"]
    if firing:
        raise SystemExit("rules that fire for no reason: " + ", ".join(firing))
    print(f"{len(asked)} queries of the dashboard are answered, {len(rules)} rules evaluated")


if __name__ == "__main__":
    main()
