// Walks through the simulated Discord with discord.js. What fails here is a fault of the simulator.
//
// By hand, with a new simulator running (`cargo run -- sim`):
//
//   npm ci && node walk.mjs http://127.0.0.1:4290 TOKEN
//
// Over TLS (`cargo run -- sim --tls FOLDER`), with NODE_EXTRA_CA_CERTS=FOLDER/ca.pem in the
// environment and https in the address.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ComponentType,
  ContainerBuilder,
  DiscordAPIError,
  EmbedBuilder,
  Events,
  MessageFlags,
  TextDisplayBuilder,
  version,
} from 'discord.js';

import { bot, COMMANDS, COMMANDS_HERE } from './bot.mjs';
import { Person, Simulator } from './simulator.mjs';

const STEP_SECONDS = 30;
const EVERYWHERE = ['Greet', 'Quote', 'frame', 'ping', 'plan'];

const [url, token] = process.argv.slice(2);
const simulator = new Simulator(url);
const view = await simulator.view();
const guild = view.guilds[0];
const channelNamed = (name) => guild.channels.find((one) => one.name === name).id;
const general = channelNamed('general');
const people = view.users.filter((one) => !one.bot);
const [ada, bea] = people.slice(0, 2).map((one) => new Person(simulator, one.id, general));
const { client, seen } = bot(url);
const channel = (id = general) => client.channels.cache.get(id);
let post;

const option = (name, type, value, more = {}) => ({ name, type, value, ...more });
const names = (list) => list.map((one) => one.name).sort();

async function connects() {
  const ready = new Promise((resolve) => { client.once(Events.ClientReady, resolve); });
  await client.login(token);
  await ready;
  assert.deepEqual(names(client.guilds.cache), ['Lantern Club', 'Sunday Rowers']);
  assert.equal(channel().name, 'general');
  await simulator.gateway('ask_for_heartbeat');
  await simulator.until('a heartbeat', async () => (await simulator.count('heartbeats')) > 0);
}

async function registersCommands() {
  const everywhere = await client.application.commands.set(COMMANDS);
  assert.deepEqual(names(everywhere), EVERYWHERE);
  const here = await client.application.commands.set(COMMANDS_HERE, guild.id);
  assert.deepEqual(names(here), ['here']);
  assert.deepEqual(names(await client.application.commands.fetch()), EVERYWHERE);
}

async function completesAnOption() {
  const choices = await ada.completes('plan', [option('title', 3, 'bo', { focused: true })]);
  assert.deepEqual(names(choices), ['Board games', 'Boat trip', 'Book club']);
}

async function answersACommandWithOptions() {
  const options = [option('title', 3, 'Book club'), option('seats', 4, 12), option('where', 7, general)];
  assert.equal((await ada.runs('plan', options)).result, 'message');
  post = (await bea.sees(`Book club for 12 in <#${general}>`)).id;
}

async function editsItsMessageOnATap() {
  assert.equal((await bea.uses(post, 'plan:yes')).result, 'update');
  await ada.sees('João Peçanha comes');
}

async function defersThenEditsAndFollowsUp() {
  assert.equal((await bea.uses(post, 'plan:day', ['Saturday'])).result, 'deferred');
  await bea.sees('Noted: Saturday');
  await bea.sees('See you there');
  const others = (await ada.reads()).map((one) => one.content);
  assert.deepEqual(others.filter((one) => /Noted|See you/.test(one)), []);
}

async function opensAFormAndReadsIt() {
  const { result, modal } = await ada.uses(post, 'plan:rename');
  assert.equal(result, 'modal');
  assert.deepEqual([modal.custom_id, modal.title], ['plan:name', 'Another name']);
  assert.equal((await ada.submits(modal, { name: 'Chess & tea' })).result, 'update');
  await bea.sees('Renamed: Chess & tea');
}

async function takesAPictureAndSendsItBack() {
  const picture = await ada.gives('sea.png', 'image/png', 'a picture');
  const outcome = await ada.runs('frame', [option('picture', 11, picture)]);
  assert.equal(outcome.result, 'message');
  const answer = (await bea.reads()).find((one) => one.id === outcome.message_id);
  const [embed] = answer.embeds;
  assert.equal(embed.title, 'image/png');
  assert.equal(await (await fetch(url + embed.image.url)).text(), 'a picture');
}

async function answersFromTheContextMenu() {
  const message = await channel().send('Worth keeping');
  assert.equal((await ada.runsOn(message.id, 'Quote')).result, 'message');
  await ada.sees('> Worth keeping');
  assert.equal((await ada.runsOn(bea.id, 'Greet')).result, 'message');
  await ada.sees('Hello João Peçanha');
}

async function letsPeopleBeChosen() {
  assert.equal((await ada.uses(post, 'plan:with', [ada.id, bea.id])).result, 'message');
  await ada.sees('With Ada Lindqvist and João Peçanha');
}

async function sendsEditsAndDeletesAMessageWithAFile() {
  const file = { attachment: Buffer.from('Ada\nBea\n'), name: 'list.txt' };
  const message = await channel().send({ content: 'With a file', files: [file] });
  const [sent] = message.attachments.values();
  assert.deepEqual([sent.name, sent.size], ['list.txt', 8]);
  assert.equal(await (await fetch(sent.url)).text(), 'Ada\nBea\n');
  const embeds = [new EmbedBuilder().setTitle('List')];
  const edited = await message.edit({ content: 'With a file still', embeds });
  assert.deepEqual([edited.content, edited.embeds[0].title], ['With a file still', 'List']);
  assert.equal(edited.attachments.size, 1);
  await ada.sees('With a file still');
  await message.delete();
  await assert.rejects(channel().messages.fetch({ message: message.id, force: true }), is(404, 10008));
}

function is(status, code) {
  return (error) => {
    assert.ok(error instanceof DiscordAPIError, String(error));
    assert.deepEqual([error.status, error.code], [status, code]);
    return true;
  };
}

async function sendsAMessageOfComponentsAlone() {
  const container = new ContainerBuilder()
    .addTextDisplayComponents(new TextDisplayBuilder().setContent('All is set'));
  const flags = MessageFlags.IsComponentsV2;
  const message = await channel().send({ components: [container], flags });
  assert.ok(message.flags.has(MessageFlags.IsComponentsV2));
  const fetched = await channel().messages.fetch({ message: message.id, force: true });
  assert.equal(fetched.components[0].type, ComponentType.Container);
}

async function isToldWhatIsWrongWithAMessage() {
  const tooLong = channel().send('x'.repeat(2001));
  await assert.rejects(tooLong, (error) => is(400, 50035)(error) && /2000/.test(error.message));
}

async function writesToAPerson() {
  await (await client.users.fetch(ada.id)).send('Only for you');
  const [conversation] = await ada.dms();
  await ada.sees('Only for you', conversation.id);
}

async function meetsAPersonWhoTakesNoMessages() {
  await simulator.closeDms(bea);
  const person = await client.users.fetch(bea.id);
  await assert.rejects(person.send('Hello?'), is(403, 50007));
}

async function keepsWithinTheLimits() {
  const before = await simulator.answered(429);
  // One more than the simulator takes of a channel at once.
  for (let number = 0; number < 6; number += 1) {
    await channel(channelNamed('events')).send(`Number ${number}`);
  }
  assert.equal(await simulator.answered(429), before);
}

async function waitsAfter429(kind) {
  const answer = { kind, retry_after_ms: 700 };
  await simulator.rest({ method: 'POST', path: '/channels', answer });
  const began = performance.now();
  await channel().send(`After ${kind}`);
  const waited = performance.now() - began;
  assert.ok(waited >= 700, `asked again after ${waited} ms`);
  const texts = (await ada.reads()).map((one) => one.content);
  assert.equal(texts.filter((one) => one === `After ${kind}`).length, 1);
}

async function waitsAfter429OfABucket() {
  await waitsAfter429('limited_in_bucket');
}

async function waitsAfter429OfAll() {
  await waitsAfter429('limited_globally');
}

async function resumesWithoutLosing(act, more) {
  const { pings, resumes } = seen;
  const accepted = await simulator.count('resumes');
  await simulator.gateway(act, more);
  assert.equal((await ada.runs('ping')).result, 'message');
  // What was missed comes before the word that all of it has come.
  await simulator.until('the word of the resume', async () => seen.resumes > resumes);
  assert.equal(await simulator.count('resumes'), accepted + 1);
  assert.equal(seen.pings, pings + 1);
}

async function resumesWhenAskedToReconnect() {
  await resumesWithoutLosing('ask_to_reconnect');
}

async function resumesAfterAClose() {
  await resumesWithoutLosing('close', { code: 4000 });
}

async function beginsAnewWhenTheSessionIsGone() {
  const { readies } = seen;
  const identifies = await simulator.count('identifies');
  await simulator.gateway('invalidate', { resumable: false });
  await simulator.until('the bot', async () => seen.readies > readies, STEP_SECONDS);
  assert.equal(await simulator.count('identifies'), identifies + 1);
  assert.equal((await ada.runs('ping')).result, 'message');
}

const STEPS = [
  connects,
  registersCommands,
  completesAnOption,
  answersACommandWithOptions,
  editsItsMessageOnATap,
  defersThenEditsAndFollowsUp,
  opensAFormAndReadsIt,
  takesAPictureAndSendsItBack,
  answersFromTheContextMenu,
  letsPeopleBeChosen,
  sendsEditsAndDeletesAMessageWithAFile,
  sendsAMessageOfComponentsAlone,
  isToldWhatIsWrongWithAMessage,
  writesToAPerson,
  meetsAPersonWhoTakesNoMessages,
  keepsWithinTheLimits,
  waitsAfter429OfABucket,
  waitsAfter429OfAll,
  resumesWhenAskedToReconnect,
  resumesAfterAClose,
  beginsAnewWhenTheSessionIsGone,
];

// An error in a handler fails the step during which it happens.
const broken = new Promise((_, reject) => { client.on(Events.Error, reject); });
broken.catch(() => {});

async function take(step) {
  const late = new AbortController();
  const limit = sleep(STEP_SECONDS * 1000, null, { signal: late.signal })
    .then(() => { throw new Error(`not done in ${STEP_SECONDS} s`); });
  try {
    await Promise.race([step(), broken, limit]);
  } finally {
    limit.catch(() => {});
    late.abort();
  }
}

for (const step of STEPS) {
  const name = step.name.replace(/[A-Z]|\d+/g, (part) => ` ${part.toLowerCase()}`);
  const began = performance.now();
  try {
    await take(step);
  } catch (error) {
    console.error(error);
    console.log(`FAILED: discord.js ${version} ${name}`);
    process.exit(1);
  }
  console.log(`ok   ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
await client.destroy();
