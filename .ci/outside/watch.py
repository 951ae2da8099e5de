"""Starts a simulated Discord and the bot, gives the bot reasons to connect elsewhere, and compares
what it connected to with what it may."""

import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

PATIENCE_S = 60

# Addresses that lead nowhere (RFC 5737), where each would be seen.
PICTURE = "https://192.0.2.7/picture.png"
LINK = "https://198.51.100.7/page"


def wait_for(what, ask):
    """Asks again and again until there is an answer."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"there was no {what} within {PATIENCE_S} s")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def found(path, pattern):
    match = re.search(pattern, read(path), re.M)
    return match and match.group(1)


class Webhook(http.server.BaseHTTPRequestHandler):
    """Takes alerts, and counts them."""

    taken = 0

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        Webhook.taken += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def asks(url, body=None, headers=None):
    """The answer to a request as JSON or text; a refusal is an answer, too."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.read().decode(errors="replace")
    return json.loads(text) if text.startswith("{") else text


def act(sim, dashboard):
    """Gives the bot addresses, and whoever signs in a reason to ask Discord."""
    view = asks(f"{sim}/sim/view")
    channels = view["guilds"][0]["channels"]
    channel = next(one["id"] for one in channels if one["name"] == "events")
    command = {
        "user": view["me"]["id"],
        "channel": channel,
        "name": "event create",
        "values": {
            "title": "Outside",
            "when": "in 3 hours",
            "image": PICTURE,
            "location": LINK,
            "description": f"See {LINK} and {PICTURE}.",
        },
    }
    offered = f"{sim}/sim/commands?user={command['user']}&channel={channel}"
    wait_for("command", lambda: '"event' in json.dumps(asks(offered)))
    zone = {"name": "timezone", "values": {"zone": "Europe/Berlin"}}
    asks(f"{sim}/sim/commands", {**command, **zone})
    done = asks(f"{sim}/sim/commands", command)
    if not isinstance(done, dict) or done["result"] == "failed":
        raise SystemExit(f"the event was not created: {done}")

    def picture():
        shown = asks(f"{sim}/sim/channels/{channel}/messages?user={view['me']['id']}")
        return PICTURE in json.dumps(shown)

    wait_for("post with the picture", picture)
    for path in ["/", "/metrics", "/readyz", "/sign-in/discord", f"/sign-in?next={LINK}"]:
        asks(f"{dashboard}{path}")


def connections(path):
    """What was connected to: addresses with ports, and names of local sockets."""
    text = read(path)
    inet = re.findall(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)', text)
    inet6 = re.findall(
        r'sin6_port=htons\((\d+)\),.*?inet_pton\(AF_INET6, "([^"]+)"', text
    )
    local = re.findall(r'sun_path=@?"([^"]+)"', text)
    return {(address, int(port)) for port, address in inet + inet6}, set(local)


def main():
    muster, folder = sys.argv[1:]
    said = {name: os.path.join(folder, f"{name}.out") for name in ["sim", "bot"]}
    kernel = os.path.join(folder, "connections.txt")
    webhook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=webhook.serve_forever, daemon=True).start()
    programs = []

    def start(name, command, variables):
        with open(said[name], "wb") as out:
            programs.append(
                subprocess.Popen(
                    command,
                    cwd=folder,
                    env={"PATH": os.environ["PATH"], **variables},
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    try:
        start("sim", [muster, "sim", "--port", "0"], {})
        sim = wait_for("simulator", lambda: found(said["sim"], r"DISCORD_API_URL=(\S+)"))
        token = wait_for("token", lambda: found(said["sim"], r"DISCORD_TOKEN=(\S+)"))
        variables = {
            "DISCORD_API_URL": sim,
            "DISCORD_TOKEN": token,
            "DISCORD_CLIENT_SECRET": "a-secret",
            "DASHBOARD_TOKEN": "a-token-of-a-dashboard-that-is-long",
            "PUBLIC_URL": "https://muster.example",
            "HTTP_ADDR": "127.0.0.1:0",
            # Told at once, so that the webhook is used.
            "ALERT_MEMORY": "1,2,3,100",
            "ALERT_WEBHOOK_URL": f"http://127.0.0.1:{webhook.server_port}/alerts",
            "RESOURCE_SAMPLE_INTERVAL": "1000",
        }
        strace = ["strace", "-f", "-qq", "-s", "200", "-e", "trace=connect", "-o", kernel]
        start("bot", [*strace, muster, "run"], variables)
        wait_for("gateway", lambda: found(said["bot"], r"(gateway is ready)"))
        address = r"the dashboard listens address=(\S+)"
        dashboard = wait_for("dashboard", lambda: found(said["bot"], address))
        act(sim, f"http://{dashboard}")
        wait_for("alert at the webhook", lambda: Webhook.taken)
    finally:
        for program in reversed(programs):
            os.killpg(program.pid, signal.SIGTERM)
            program.wait(timeout=PATIENCE_S)

    sim_port = int(sim.rsplit(":", 1)[1])
    allowed = {("127.0.0.1", sim_port), ("127.0.0.1", webhook.server_port)}
    reached, local = connections(kernel)
    if not allowed <= reached:
        raise SystemExit(f"the kernel did not tell of all that must be there: {reached}")
    # The C library asks a cache for names of users and hosts.
    others = (reached - allowed) | {path for path in local if "nscd" not in path}
    if others:
        raise SystemExit(f"the bot connected to what nobody named: {sorted(map(str, others))}")
    print(f"{len(reached)} addresses were connected to, and nothing else")


main()
