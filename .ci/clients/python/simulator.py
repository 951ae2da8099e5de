"""Acts in the simulated Discord over its control interface: people, bad days, counts."""

import asyncio


class Refused(Exception):
    """The simulator did not do what was asked."""


class Simulator:
    """The simulated Discord as a test sees it."""

    def __init__(self, url, session):
        self.url = url
        self.session = session

    async def get(self, path, /, **query):
        async with self.session.get(self.url + path, params=query) as answer:
            return await self._read(path, answer)

    async def post(self, path, /, **body):
        async with self.session.post(self.url + path, json=body) as answer:
            return await self._read(path, answer)

    async def upload(self, user, name, content_type, content):
        """Puts a file at hand for a person; returns its id."""
        path, headers = "/sim/uploads", {"content-type": content_type}
        query = {"user": user, "name": name}
        request = self.session.post(self.url + path, params=query, headers=headers, data=content)
        async with request as answer:
            return (await self._read(path, answer))["file"]["id"]

    async def _read(self, path, answer):
        if answer.status != 200:
            raise Refused(f"{path}: {answer.status} {await answer.text()}")
        return await answer.json()

    async def view(self):
        """All that the first person sees: people, guilds, channels."""
        return await self.get("/sim/view")

    async def count(self, what):
        """How often something happened, `resumes` for example."""
        return (await self.get("/sim/counts"))[what]

    async def answered(self, status):
        """How many requests were answered with this status."""
        requests = (await self.get("/sim/counts"))["requests"]
        return sum(answers.get(str(status), 0) for answers in requests.values())

    async def gateway(self, act, /, **more):
        """A bad day of the gateway, `ask_to_reconnect` for example."""
        await self.post("/sim/faults/gateway", do=act, **more)

    async def rest(self, **fault):
        """A bad day of the routes."""
        await self.post("/sim/faults/rest", **fault)

    async def close_dms(self, person):
        """From now on this person takes no direct messages."""
        await self.post("/sim/world", do="close_dms", user=person.id)

    async def until(self, what, look, seconds=15):
        """Waits until `look`, asked again and again, returns something."""
        for _ in range(seconds * 50):
            if found := await look():
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"in vain: {what}")


class Person:
    """Somebody at a client, in one channel."""

    def __init__(self, simulator, id, channel):
        self.simulator = simulator
        self.id = id
        self.channel = channel

    def _where(self):
        return {"user": self.id, "channel": self.channel}

    async def _command(self, name):
        found = await self.simulator.get("/sim/commands", **self._where())
        for command in found:
            if command["name"] == name:
                return command["id"]
        raise AssertionError(f"there is no /{name} but {[one['name'] for one in found]}")

    async def runs(self, name, options=()):
        """Runs a slash command; returns how the bot answered."""
        command = await self._command(name)
        body = {"command_id": command, "options": list(options), **self._where()}
        return await self.simulator.post("/sim/commands", **body)

    async def gives(self, name, content_type, content):
        """Chooses a file; the id is what an option takes."""
        return await self.simulator.upload(self.id, name, content_type, content)

    async def runs_on(self, target, name):
        """Runs a command of the context menu on a message or a person."""
        body = {"command_id": await self._command(name), "target_id": target, **self._where()}
        return await self.simulator.post("/sim/commands", **body)

    async def completes(self, name, options):
        """Types into an option; returns what is suggested."""
        command = await self._command(name)
        body = {"command_id": command, "options": options, **self._where()}
        return (await self.simulator.post("/sim/autocomplete", **body))["choices"]

    async def uses(self, message, custom_id, values=()):
        """Taps a button, or chooses in a select."""
        body = {"message_id": message, "custom_id": custom_id, "values": list(values)}
        return await self.simulator.post("/sim/components", **body, **self._where())

    async def submits(self, modal, values):
        """Hands in a form."""
        body = {"user": self.id, "modal_id": modal["modal_id"], "values": values}
        return await self.simulator.post("/sim/modals", **body)

    async def reads(self, channel=None):
        """The newest messages that this person sees, the oldest of them first."""
        path = f"/sim/channels/{channel or self.channel}/messages"
        return (await self.simulator.get(path, user=self.id))["messages"]

    async def sees(self, text, channel=None):
        """Waits for a message with this text and returns it."""

        async def look():
            found = [one for one in await self.reads(channel) if text in one["content"]]
            return found[-1] if found else None

        return await self.simulator.until(f"a message with {text!r}", look)

    async def dms(self):
        """This person's direct conversations."""
        return (await self.simulator.get("/sim/view", user=self.id))["dms"]
