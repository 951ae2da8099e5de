// A bot on discord.js that uses what events bots use, as its documentation tells.
//
// One setting points the library at a simulated Discord: `rest.api`. The gateway's address it asks
// there. For TLS, NODE_EXTRA_CA_CERTS names the certificate of the simulator's authority.

import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';

const TITLES = ['Board games', 'Book club', 'Boat trip'];

/** What is registered everywhere. */
export const COMMANDS = [
  new SlashCommandBuilder()
    .setName('plan')
    .setDescription('Plan something')
    .addStringOption((option) =>
      option.setName('title').setDescription('What').setRequired(true).setAutocomplete(true))
    .addIntegerOption((option) =>
      option.setName('seats').setDescription('For how many').setRequired(true)
        .setMinValue(1).setMaxValue(50))
    .addChannelOption((option) => option.setName('where').setDescription('Where')),
  new SlashCommandBuilder().setName('ping').setDescription('Answer at once'),
];

/** What is registered in one guild. */
export const COMMANDS_HERE = [
  new SlashCommandBuilder().setName('here').setDescription('Only here'),
];

function rows() {
  const days = ['Friday', 'Saturday'].map((day) => ({ label: day, value: day }));
  return [
    new ActionRowBuilder().addComponents(
      new ButtonBuilder().setCustomId('plan:yes').setLabel('Yes').setStyle(ButtonStyle.Success),
      new ButtonBuilder().setCustomId('plan:rename').setLabel('Rename')
        .setStyle(ButtonStyle.Secondary),
    ),
    new ActionRowBuilder().addComponents(
      new StringSelectMenuBuilder().setCustomId('plan:day').setPlaceholder('Day')
        .addOptions(days),
    ),
  ];
}

function form() {
  const name = new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short)
    .setMaxLength(40);
  const label = new LabelBuilder().setLabel('Name').setDescription('What it will be called')
    .setTextInputComponent(name);
  return new ModalBuilder().setCustomId('plan:name').setTitle('Another name')
    .addLabelComponents(label);
}

async function suggest(interaction) {
  const current = interaction.options.getFocused().toLowerCase();
  const fitting = TITLES.filter((title) => title.toLowerCase().includes(current));
  await interaction.respond(fitting.map((title) => ({ name: title, value: title })));
}

async function plan(interaction) {
  const title = interaction.options.getString('title', true);
  const seats = interaction.options.getInteger('seats', true);
  const where = interaction.options.getChannel('where') ?? 'anywhere';
  await interaction.reply({ content: `${title} for ${seats} in ${where}`, components: rows() });
}

async function choose(interaction) {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await interaction.editReply(`Noted: ${interaction.values[0]}`);
  await interaction.followUp({ content: 'See you there', flags: MessageFlags.Ephemeral });
}

async function handle(interaction, seen) {
  if (interaction.isAutocomplete()) return suggest(interaction);
  if (interaction.isModalSubmit()) {
    return interaction.update(`Renamed: ${interaction.fields.getTextInputValue('name')}`);
  }
  switch (interaction.commandName ?? interaction.customId) {
    case 'plan':
      return plan(interaction);
    case 'ping':
      seen.pings += 1;
      return interaction.reply({ content: `Pong ${seen.pings}`, flags: MessageFlags.Ephemeral });
    case 'plan:yes': {
      const who = interaction.member.displayName;
      return interaction.update(`${interaction.message.content}\n${who} comes`);
    }
    case 'plan:day':
      return choose(interaction);
    case 'plan:rename':
      return interaction.showModal(form());
    default:
      throw new Error('nobody asked for this');
  }
}

/** A bot that uses the REST interface at `url`; `seen` counts what happens to it. */
export function bot(url) {
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: `${url}/api` } });
  const seen = { pings: 0, readies: 0, resumes: 0 };
  client.on(Events.ShardReady, () => { seen.readies += 1; });
  client.on(Events.ShardResume, () => { seen.resumes += 1; });
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction, seen).catch((error) => client.emit(Events.Error, error));
  });
  return { client, seen };
}
