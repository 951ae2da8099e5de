// A bot on discord.js that uses what events bots use, as its documentation tells.
//
// One setting points the library at a simulated Discord: `rest.api`. The gateway's address it asks
// there. For TLS, NODE_EXTRA_CA_CERTS names the certificate of the simulator's authority.

import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContextMenuCommandBuilder,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
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
  new SlashCommandBuilder()
    .setName('frame')
    .setDescription('Frame a picture')
    .addAttachmentOption((option) =>
      option.setName('picture').setDescription('Which').setRequired(true)),
  new ContextMenuCommandBuilder().setName('Quote').setType(ApplicationCommandType.Message),
  new ContextMenuCommandBuilder().setName('Greet').setType(ApplicationCommandType.User),
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
    new ActionRowBuilder().addComponents(
      new UserSelectMenuBuilder().setCustomId('plan:with').setMinValues(0).setMaxValues(2),
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

/** Sends the picture back beside the address that it was given. */
async function frame(interaction) {
  const picture = interaction.options.getAttachment('picture', true);
  const content = Buffer.from(await (await fetch(picture.url)).arrayBuffer());
  const name = `framed-${picture.name}`;
  const embed = new EmbedBuilder().setTitle(picture.contentType).setImage(`attachment://${name}`);
  await interaction.reply({ embeds: [embed], files: [{ attachment: content, name }] });
}

function privately(interaction, content) {
  return interaction.reply({ content, flags: MessageFlags.Ephemeral });
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
    case 'frame':
      return frame(interaction);
    case 'Quote':
      return privately(interaction, `> ${interaction.targetMessage.content}`);
    case 'Greet':
      return privately(interaction, `Hello ${interaction.targetMember.displayName}`);
    case 'plan:with': {
      const names = interaction.members.map((member) => member.displayName);
      return privately(interaction, `With ${names.join(' and ')}`);
    }
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
