"""A bot on discord.py that uses what events bots use, as its documentation tells.

Three settings point the library at a simulated Discord; see `point_at`.
"""

import asyncio
import io
from collections import Counter

import discord
import yarl
from discord import app_commands

TITLES = ["Board games", "Book club", "Boat trip"]


def point_at(url, gateway):
    """Makes discord.py use the REST interface at `url` and the WebSocket at `gateway`.

    For TLS the variable SSL_CERT_FILE names the certificate of the simulator's authority.
    """
    discord.http.Route.BASE = f"{url}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


class Rename(discord.ui.Modal, title="Another name"):
    """A form."""

    name = discord.ui.Label(
        text="Name",
        description="What it will be called",
        component=discord.ui.TextInput(custom_id="name", max_length=40),
    )

    async def on_submit(self, interaction):
        await interaction.response.edit_message(content=f"Renamed: {self.name.component.value}")


class Plan(discord.ui.View):
    """Buttons and a select."""

    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Yes", custom_id="plan:yes", style=discord.ButtonStyle.success)
    async def yes(self, interaction, _button):
        who = interaction.user.display_name
        await interaction.response.edit_message(content=f"{interaction.message.content}\n{who} comes")

    @discord.ui.button(label="Rename", custom_id="plan:rename")
    async def rename(self, interaction, _button):
        await interaction.response.send_modal(Rename(custom_id="plan:name"))

    @discord.ui.select(
        custom_id="plan:day",
        placeholder="Day",
        options=[discord.SelectOption(label=day) for day in ("Friday", "Saturday")],
    )
    async def day(self, interaction, select):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content=f"Noted: {select.values[0]}")
        await interaction.followup.send("See you there", ephemeral=True)

    @discord.ui.select(
        cls=discord.ui.UserSelect, custom_id="plan:with", min_values=0, max_values=2
    )
    async def company(self, interaction, select):
        names = " and ".join(member.display_name for member in select.values)
        await interaction.response.send_message(f"With {names}", ephemeral=True)


class Panel(discord.ui.LayoutView):
    """A message of components alone."""

    def __init__(self):
        super().__init__(timeout=None)
        button = discord.ui.Button(label="Open", custom_id="panel:open")
        section = discord.ui.Section(discord.ui.TextDisplay("All is set"), accessory=button)
        self.add_item(discord.ui.Container(section))


class Bot(discord.Client):
    """The bot."""

    def __init__(self):
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.seen = Counter()
        self.ready = asyncio.Event()
        self._add_commands()

    def _add_commands(self):
        @self.tree.command(description="Plan something")
        @app_commands.describe(title="What", seats="For how many", where="Where")
        async def plan(
            interaction: discord.Interaction,
            title: str,
            seats: app_commands.Range[int, 1, 50],
            where: discord.TextChannel = None,
        ):
            place = where.mention if where else "anywhere"
            text = f"{title} for {seats} in {place}"
            await interaction.response.send_message(text, view=Plan())

        @plan.autocomplete("title")
        async def titles(_interaction: discord.Interaction, current: str):
            fitting = [title for title in TITLES if current.lower() in title.lower()]
            return [app_commands.Choice(name=title, value=title) for title in fitting]

        @self.tree.command(description="Answer at once")
        async def ping(interaction: discord.Interaction):
            self.seen["ping"] += 1
            await interaction.response.send_message(f"Pong {self.seen['ping']}", ephemeral=True)

        @self.tree.command(description="Frame a picture")
        async def frame(interaction: discord.Interaction, picture: discord.Attachment):
            file = await picture.to_file(filename=f"framed-{picture.filename}")
            embed = discord.Embed(title=picture.content_type)
            embed.set_image(url=f"attachment://{file.filename}")
            await interaction.response.send_message(embed=embed, file=file)

        @self.tree.context_menu(name="Quote")
        async def quote(interaction: discord.Interaction, message: discord.Message):
            await interaction.response.send_message(f"> {message.content}", ephemeral=True)

        @self.tree.context_menu(name="Greet")
        async def greet(interaction: discord.Interaction, member: discord.Member):
            text = f"Hello {member.display_name}"
            await interaction.response.send_message(text, ephemeral=True)

    async def setup_hook(self):
        self.add_view(Plan())

    async def register(self, guild):
        """Registers all commands globally, and one more in a guild."""

        @self.tree.command(description="Only here", guild=guild)
        async def here(interaction: discord.Interaction):
            await interaction.response.send_message("Here", ephemeral=True)

        everywhere = await self.tree.sync()
        return everywhere, await self.tree.sync(guild=guild)

    async def on_ready(self):
        self.seen["ready"] += 1
        self.ready.set()

    async def on_resumed(self):
        self.seen["resumed"] += 1


def text_file(name, text):
    """A file to send."""
    return discord.File(io.BytesIO(text.encode()), filename=name)
