// Acts in the simulated Discord over its control interface: people, bad days, counts.

import { setTimeout as sleep } from 'node:timers/promises';

/** The simulated Discord as a test sees it. */
export class Simulator {
  constructor(url) {
    this.url = url;
  }

  async #read(path, answer) {
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async get(path, query = {}) {
    return this.#read(path, await fetch(`${this.url}${path}?${new URLSearchParams(query)}`));
  }

  async post(path, body) {
    return this.#send(path, 'application/json', JSON.stringify(body));
  }

  async #send(path, type, body) {
    const request = { method: 'POST', headers: { 'content-type': type }, body };
    return this.#read(path, await fetch(this.url + path, request));
  }

  /** Puts a file at hand for a person; returns its id. */
  async upload(user, name, type, content) {
    const path = `/sim/uploads?${new URLSearchParams({ user, name })}`;
    return (await this.#send(path, type, content)).file.id;
  }

  /** All that the first person sees: people, guilds, channels. */
  view() {
    return this.get('/sim/view');
  }

  /** How often something happened, `resumes` for example. */
  async count(what) {
    return (await this.get('/sim/counts'))[what];
  }

  /** How many requests were answered with this status. */
  async answered(status) {
    const { requests } = await this.get('/sim/counts');
    return Object.values(requests).reduce((sum, answers) => sum + (answers[status] ?? 0), 0);
  }

  /** A bad day of the gateway, `ask_to_reconnect` for example. */
  gateway(act, more = {}) {
    return this.post('/sim/faults/gateway', { do: act, ...more });
  }

  /** A bad day of the routes. */
  rest(fault) {
    return this.post('/sim/faults/rest', fault);
  }

  /** From now on this person takes no direct messages. */
  closeDms(person) {
    return this.post('/sim/world', { do: 'close_dms', user: person.id });
  }

  /** Waits until `look`, asked again and again, returns something. */
  async until(what, look, seconds = 15) {
    for (let tries = 0; tries < seconds * 50; tries += 1) {
      const found = await look();
      if (found) return found;
      await sleep(20);
    }
    throw new Error(`in vain: ${what}`);
  }
}

/** Somebody at a client, in one channel. */
export class Person {
  constructor(simulator, id, channel) {
    Object.assign(this, { simulator, id, channel });
  }

  get #where() {
    return { user: this.id, channel: this.channel };
  }

  /** Chooses a file; the id is what an option takes. */
  gives(name, type, content) {
    return this.simulator.upload(this.id, name, type, content);
  }

  async #command(name) {
    const found = await this.simulator.get('/sim/commands', this.#where);
    const command = found.find((one) => one.name === name);
    if (!command) throw new Error(`there is no /${name} but ${found.map((one) => one.name)}`);
    return command.id;
  }

  /** Runs a slash command; returns how the bot answered. */
  async runs(name, options = []) {
    const command_id = await this.#command(name);
    return this.simulator.post('/sim/commands', { command_id, options, ...this.#where });
  }

  /** Runs a command of the context menu on a message or a person. */
  async runsOn(target_id, name) {
    const command_id = await this.#command(name);
    return this.simulator.post('/sim/commands', { command_id, target_id, ...this.#where });
  }

  /** Types into an option; returns what is suggested. */
  async completes(name, options) {
    const command_id = await this.#command(name);
    const body = { command_id, options, ...this.#where };
    return (await this.simulator.post('/sim/autocomplete', body)).choices;
  }

  /** Taps a button, or chooses in a select. */
  uses(message_id, custom_id, values = []) {
    const body = { message_id, custom_id, values, ...this.#where };
    return this.simulator.post('/sim/components', body);
  }

  /** Hands in a form. */
  submits(modal, values) {
    const body = { user: this.id, modal_id: modal.modal_id, values };
    return this.simulator.post('/sim/modals', body);
  }

  /** The newest messages that this person sees, the oldest of them first. */
  async reads(channel = this.channel) {
    const path = `/sim/channels/${channel}/messages`;
    return (await this.simulator.get(path, { user: this.id })).messages;
  }

  /** Waits for a message with this text and returns it. */
  sees(text, channel = this.channel) {
    const look = async () => (await this.reads(channel)).findLast((one) => one.content.includes(text));
    return this.simulator.until(`a message with "${text}"`, look);
  }

  /** This person's direct conversations. */
  async dms() {
    return (await this.simulator.get('/sim/view', { user: this.id })).dms;
  }
}
