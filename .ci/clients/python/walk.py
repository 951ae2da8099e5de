"""Walks through the simulated Discord with discord.py. What fails here is a fault of the simulator.

By hand, with a new simulator running (`cargo run -- sim`), in an environment of its own:

    python3 -m venv ENV && ENV/bin/pip install --require-hashes -r requirements.txt
    ENV/bin/python walk.py http://127.0.0.1:4290 TOKEN

Over TLS (`cargo run -- sim --tls FOLDER`), with SSL_CERT_FILE=FOLDER/ca.pem in the environment and
https in the address.
"""

import asyncio
import sys
import time
import traceback

import aiohttp
import discord

from bot import Bot, Panel, point_at, text_file
from simulator import Person, Simulator

STEP_SECONDS = 30
EVERYWHERE = ["Greet", "Quote", "frame", "ping", "plan"]


class Stage:
    """What the steps share."""

    def __init__(self, simulator, view, bot):
        self.simulator = simulator
        self.bot = bot
        guild = view["guilds"][0]
        self.guild = discord.Object(int(guild["id"]))
        channels = {one["name"]: one["id"] for one in guild["channels"]}
        self.general, self.events = channels["general"], channels["events"]
        people = [one for one in view["users"] if not one["bot"]]
        self.ada, self.bea = (Person(simulator, one["id"], self.general) for one in people[:2])
        self.post = None

    def channel(self):
        return self.bot.get_channel(int(self.general))


def same(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def option(name, kind, value, **more):
    return {"name": name, "type": kind, "value": value, **more}


async def connects(stage):
    await asyncio.wait_for(stage.bot.ready.wait(), STEP_SECONDS)
    same("guilds", sorted(guild.name for guild in stage.bot.guilds),
         ["Lantern Club", "Sunday Rowers"])
    same("the channel", stage.channel().name, "general")
    before = await stage.simulator.count("heartbeats")
    await stage.simulator.gateway("ask_for_heartbeat")

    async def beaten():
        return await stage.simulator.count("heartbeats") > before

    await stage.simulator.until("a heartbeat", beaten)


async def registers_commands(stage):
    everywhere, here = await stage.bot.register(stage.guild)
    same("global commands", sorted(one.name for one in everywhere), EVERYWHERE)
    same("commands of the guild", [one.name for one in here], ["here"])
    known = await stage.bot.tree.fetch_commands()
    same("commands as fetched", sorted(one.name for one in known), EVERYWHERE)


async def completes_an_option(stage):
    choices = await stage.ada.completes("plan", [option("title", 3, "bo", focused=True)])
    same("suggestions", [one["name"] for one in choices],
         ["Board games", "Book club", "Boat trip"])


async def answers_a_command_with_options(stage):
    options = [option("title", 3, "Book club"), option("seats", 4, 12),
               option("where", 7, stage.general)]
    outcome = await stage.ada.runs("plan", options)
    same("the answer", outcome["result"], "message")
    stage.post = (await stage.bea.sees(f"Book club for 12 in <#{stage.general}>"))["id"]


async def edits_its_message_on_a_tap(stage):
    outcome = await stage.bea.uses(stage.post, "plan:yes")
    same("the answer", outcome["result"], "update")
    await stage.ada.sees("João Peçanha comes")


async def defers_then_edits_and_follows_up(stage):
    outcome = await stage.bea.uses(stage.post, "plan:day", ["Saturday"])
    same("the answer", outcome["result"], "deferred")
    await stage.bea.sees("Noted: Saturday")
    await stage.bea.sees("See you there")
    others = [one["content"] for one in await stage.ada.reads()]
    same("what others see of it", [one for one in others if "Noted" in one or "See" in one], [])


async def opens_a_form_and_reads_it(stage):
    outcome = await stage.ada.uses(stage.post, "plan:rename")
    same("the answer", outcome["result"], "modal")
    modal = outcome["modal"]
    same("the form", (modal["custom_id"], modal["title"]), ("plan:name", "Another name"))
    outcome = await stage.ada.submits(modal, {"name": "Chess & tea"})
    same("the answer to the form", outcome["result"], "update")
    await stage.bea.sees("Renamed: Chess & tea")


async def takes_a_picture_and_sends_it_back(stage):
    picture = await stage.ada.gives("sea.png", "image/png", b"a picture")
    outcome = await stage.ada.runs("frame", [option("picture", 11, picture)])
    same("the answer", outcome["result"], "message")
    answer = [one for one in await stage.bea.reads() if one["id"] == outcome["message_id"]][0]
    embed = answer["embeds"][0]
    same("the kind of the picture", embed["title"], "image/png")
    simulator = stage.simulator
    async with simulator.session.get(simulator.url + embed["image"]["url"]) as found:
        same("the picture", await found.read(), b"a picture")


async def answers_from_the_context_menu(stage):
    message = await stage.channel().send("Worth keeping")
    outcome = await stage.ada.runs_on(str(message.id), "Quote")
    same("the answer", outcome["result"], "message")
    await stage.ada.sees("> Worth keeping")
    outcome = await stage.ada.runs_on(stage.bea.id, "Greet")
    same("the answer", outcome["result"], "message")
    await stage.ada.sees("Hello João Peçanha")


async def lets_people_be_chosen(stage):
    chosen = [stage.ada.id, stage.bea.id]
    outcome = await stage.ada.uses(stage.post, "plan:with", chosen)
    same("the answer", outcome["result"], "message")
    await stage.ada.sees("With Ada Lindqvist and João Peçanha")


async def sends_edits_and_deletes_a_message_with_a_file(stage):
    message = await stage.channel().send("With a file", file=text_file("list.txt", "Ada\nBea\n"))
    same("files", [(one.filename, one.size) for one in message.attachments], [("list.txt", 8)])
    same("the file", await message.attachments[0].read(), b"Ada\nBea\n")
    edited = await message.edit(content="With a file still", embed=discord.Embed(title="List"))
    same("after the edit", (edited.content, edited.embeds[0].title), ("With a file still", "List"))
    same("files after the edit", len(edited.attachments), 1)
    await stage.ada.sees("With a file still")
    await message.delete()
    try:
        await stage.channel().fetch_message(message.id)
        raise AssertionError("a deleted message is still there")
    except discord.NotFound as error:
        same("the error", error.code, 10008)


async def sends_a_message_of_components_alone(stage):
    message = await stage.channel().send(view=Panel())
    same("the flag", message.flags.components_v2, True)
    fetched = await stage.channel().fetch_message(message.id)
    same("the outermost component", fetched.components[0].type, discord.ComponentType.container)


async def is_told_what_is_wrong_with_a_message(stage):
    try:
        await stage.channel().send("x" * 2001)
        raise AssertionError("a message that is too long was taken")
    except discord.HTTPException as error:
        same("the error", (error.status, error.code), (400, 50035))
        if "2000" not in error.text:
            raise AssertionError(f"the limit is not named: {error.text}") from error


async def writes_to_a_person(stage):
    ada = await stage.bot.fetch_user(int(stage.ada.id))
    await ada.send("Only for you")
    conversation = (await stage.ada.dms())[0]["id"]
    await stage.ada.sees("Only for you", conversation)


async def meets_a_person_who_takes_no_messages(stage):
    await stage.simulator.close_dms(stage.bea)
    bea = await stage.bot.fetch_user(int(stage.bea.id))
    try:
        await bea.send("Hello?")
        raise AssertionError("a closed conversation took a message")
    except discord.Forbidden as error:
        same("the error", error.code, 50007)


async def keeps_within_the_limits(stage):
    before = await stage.simulator.answered(429)
    # One more than the simulator takes of a channel at once.
    for number in range(6):
        await stage.bot.get_channel(int(stage.events)).send(f"Number {number}")
    same("requests over a limit", await stage.simulator.answered(429) - before, 0)


async def waits_after_429(stage, kind):
    answer = {"kind": kind, "retry_after_ms": 700}
    await stage.simulator.rest(method="POST", path="/channels", answer=answer)
    began = time.monotonic()
    await stage.channel().send(f"After {kind}")
    waited = time.monotonic() - began
    if waited < 0.7:
        raise AssertionError(f"asked again after {waited:.3f} s")
    texts = [one["content"] for one in await stage.ada.reads()]
    same("how often it was sent", texts.count(f"After {kind}"), 1)


async def waits_after_429_of_a_bucket(stage):
    await waits_after_429(stage, "limited_in_bucket")


async def waits_after_429_of_all(stage):
    await waits_after_429(stage, "limited_globally")


async def resumes_without_losing(stage, act, **more):
    pings, resumed = stage.bot.seen["ping"], stage.bot.seen["resumed"]
    resumes = await stage.simulator.count("resumes")
    await stage.simulator.gateway(act, **more)
    outcome = await stage.ada.runs("ping")
    same("the answer to what came meanwhile", outcome["result"], "message")

    # What was missed comes before the word that all of it has come.
    async def is_resumed():
        return stage.bot.seen["resumed"] > resumed

    await stage.simulator.until("the word of the resume", is_resumed)
    same("resumes", await stage.simulator.count("resumes") - resumes, 1)
    same("pings", stage.bot.seen["ping"] - pings, 1)


async def resumes_when_asked_to_reconnect(stage):
    await resumes_without_losing(stage, "ask_to_reconnect")


async def resumes_after_a_close(stage):
    await resumes_without_losing(stage, "close", code=4000)


async def begins_anew_when_the_session_is_gone(stage):
    identifies = await stage.simulator.count("identifies")
    ready = stage.bot.seen["ready"]
    await stage.simulator.gateway("invalidate", resumable=False)

    async def is_back():
        return stage.bot.seen["ready"] > ready

    await stage.simulator.until("the bot", is_back, STEP_SECONDS)
    same("identifies", await stage.simulator.count("identifies") - identifies, 1)
    same("the answer", (await stage.ada.runs("ping"))["result"], "message")


STEPS = [
    connects,
    registers_commands,
    completes_an_option,
    answers_a_command_with_options,
    edits_its_message_on_a_tap,
    defers_then_edits_and_follows_up,
    opens_a_form_and_reads_it,
    takes_a_picture_and_sends_it_back,
    answers_from_the_context_menu,
    lets_people_be_chosen,
    sends_edits_and_deletes_a_message_with_a_file,
    sends_a_message_of_components_alone,
    is_told_what_is_wrong_with_a_message,
    writes_to_a_person,
    meets_a_person_who_takes_no_messages,
    keeps_within_the_limits,
    waits_after_429_of_a_bucket,
    waits_after_429_of_all,
    resumes_when_asked_to_reconnect,
    resumes_after_a_close,
    begins_anew_when_the_session_is_gone,
]


async def take(stage):
    for step in STEPS:
        name = step.__name__.replace("_", " ")
        began = time.monotonic()
        try:
            await asyncio.wait_for(step(stage), STEP_SECONDS)
        except Exception:
            traceback.print_exc()
            print(f"FAILED: discord.py {discord.__version__} {name}", flush=True)
            return False
        print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


async def walk(url, token):
    async with aiohttp.ClientSession() as session:
        simulator = Simulator(url, session)
        gateway = (await simulator.get("/api/v10/gateway"))["url"]
        point_at(url, gateway)
        async with Bot() as bot:
            stage = Stage(simulator, await simulator.view(), bot)
            running = asyncio.create_task(bot.start(token))
            # Whatever ends the bot ends the walk, with its own words rather than a time-out.
            taking = asyncio.create_task(take(stage))
            await asyncio.wait({running, taking}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                taking.cancel()
                print(f"FAILED: discord.py {discord.__version__} the bot has ended", flush=True)
                running.result()
                return False
            await bot.close()
            return taking.result()


if __name__ == "__main__":
    discord.utils.setup_logging(level=30)
    raise SystemExit(0 if asyncio.run(walk(sys.argv[1], sys.argv[2])) else 1)
