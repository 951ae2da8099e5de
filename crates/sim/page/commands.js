// Understands application commands: their flat list, typed options, and the shape that is sent.

/** Discord's option types, by name. */
export const OPTION = {
  SUB_COMMAND: 1, SUB_COMMAND_GROUP: 2, STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7,
  ROLE: 8, MENTIONABLE: 9, NUMBER: 10, ATTACHMENT: 11,
};

/**
 * One entry for each thing that can be run: a command, or each of its subcommands. `path` is what
 * a person types after the slash, `chain` the groups that lead to it.
 */
export function flattenCommands(commands) {
  return commands.filter((command) => (command.type ?? 1) === 1).flatMap((command) => {
    const root = { command, path: command.name, chain: [], bot: command.bot };
    return leaves(root, command.options ?? [], command.description);
  });
}

function leaves(entry, options, description) {
  const inner = options.filter((o) => o.type === OPTION.SUB_COMMAND
    || o.type === OPTION.SUB_COMMAND_GROUP);
  if (inner.length === 0) return [{ ...entry, options, description }];
  return inner.flatMap((option) => leaves({
    ...entry, path: `${entry.path} ${option.name}`, chain: [...entry.chain, option],
  }, option.options ?? [], option.description));
}

/** The entries that fit what was typed, best first. */
export function searchCommands(entries, typed) {
  const wanted = typed.replace(/^\//, "").trim().toLowerCase();
  if (!wanted) return entries;
  const rank = (entry) => {
    if (entry.path.startsWith(wanted)) return 0;
    if (entry.path.split(" ").some((word) => word.startsWith(wanted))) return 1;
    if (entry.path.includes(wanted)) return 2;
    return entry.description?.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((found) => found.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.entry);
}

/** The command that a text begins with, and the rest of the text; null while it is unfinished. */
export function matchCommand(entries, text) {
  const fitting = entries.filter((entry) => text.startsWith(`/${entry.path} `));
  const entry = fitting.sort((a, b) => b.path.length - a.path.length)[0];
  return entry ? { entry, rest: text.slice(entry.path.length + 2) } : null;
}

/** Splits "title:Raid night when:fri 8pm" by the known option names. */
export function splitPairs(text, options) {
  const names = options.map((option) => option.name.replace(/[^\p{L}\p{N}_'-]/gu, ""));
  if (names.length === 0) return { lead: text, pairs: [] };
  const key = new RegExp(`(?:^|\\s)(${names.join("|")}):\\s?`, "gu");
  const found = [...text.matchAll(key)];
  const lead = (found.length ? text.slice(0, found[0].index) : text).trim();
  const pairs = found.map((match, index) => ({
    name: match[1],
    value: text.slice(match.index + match[0].length, found[index + 1]?.index).trim(),
  }));
  return { lead, pairs };
}

/** Wraps option values into the groups that lead to them, as Discord sends it. */
export function nestOptions(entry, values) {
  return entry.chain.reduceRight(
    (options, group) => [{ name: group.name, type: group.type, options }], values);
}

/**
 * Reads what was typed into an option. Gives `{value}` or `{problem}`; the value of an entity or a
 * choice is what was picked from the list, or what the typed words name exactly.
 */
export function readOption(option, typed, picked, known) {
  const text = typed.trim();
  if (picked) return { value: picked.value };
  if (text === "") return option.required ? { problem: "is required." } : { value: undefined };
  if (option.type === OPTION.INTEGER || option.type === OPTION.NUMBER) {
    return readNumber(option, text);
  }
  if (option.type === OPTION.ATTACHMENT) return { problem: "needs a file." };
  if (known) {
    const plain = (label) => label.toLowerCase().replace(/^[@#]/, "");
    const named = known.find((choice) => plain(choice.label) === plain(text));
    return named ? { value: named.value } : { problem: "must be one of the list." };
  }
  if (text.length < (option.min_length ?? 0)) {
    return { problem: `needs at least ${option.min_length} characters.` };
  }
  if (text.length > (option.max_length ?? 6000)) {
    return { problem: `may have at most ${option.max_length ?? 6000} characters.` };
  }
  return { value: text };
}

function readNumber(option, text) {
  const value = Number(text.replace(",", "."));
  const whole = option.type === OPTION.INTEGER;
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    return { problem: whole ? "must be a whole number." : "must be a number." };
  }
  if (option.min_value !== undefined && value < option.min_value) {
    return { problem: `must be ${option.min_value} or more.` };
  }
  if (option.max_value !== undefined && value > option.max_value) {
    return { problem: `must be ${option.max_value} or less.` };
  }
  return { value };
}
