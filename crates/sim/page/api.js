// Speaks to the simulated server; every answer is either its JSON or a readable error.

/** What the server refused, in its own words, or that it could not be reached. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** A body is sent as JSON, except a file, which is sent as it is. */
async function call(method, path, body) {
  const file = body instanceof Blob;
  const type = file ? body.type || "application/octet-stream" : "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body ? { "content-type": type } : {},
      body: file || !body ? body : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new ApiError("The simulation does not answer. Is it still running?", 0);
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) {
    const message = answer?.error ?? `The simulation answered with status ${response.status}.`;
    throw new ApiError(message, response.status);
  }
  return answer ?? {};
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function query(values) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) params.set(key, value);
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

export const api = {
  view: (user) => call("GET", `/sim/view${query({ user })}`),
  messages: (user, channel, { before, limit = 50 } = {}) =>
    call("GET", `/sim/channels/${encodeURIComponent(channel)}/messages`
      + query({ user, limit, before })),
  say: (body) => call("POST", "/sim/messages", body),
  commands: (user, channel) => call("GET", `/sim/commands${query({ user, channel })}`),
  autocomplete: (body) => call("POST", "/sim/autocomplete", body),
  command: (body) => call("POST", "/sim/commands", body),
  component: (body) => call("POST", "/sim/components", body),
  modal: (body) => call("POST", "/sim/modals", body),
  clock: (body) => call("POST", "/sim/clock", body),
  upload: ({ user, name }, file) => call("POST", `/sim/uploads${query({ user, name })}`, file),
  remove: (body) => call("POST", "/sim/delete", body),
  dismiss: (body) => call("POST", "/sim/dismiss", body),
};

const EVENTS = ["hello", "message", "message_update", "message_delete", "clock", "bot", "world"];

/**
 * Listens to what changes for `user`. `handle(name, data)` gets each event, `lost()` is called when
 * the stream breaks; the browser reconnects by itself and `hello` comes again. Returns a stop.
 */
export function listen(user, handle, lost) {
  const source = new EventSource(`/sim/events${query({ user })}`);
  for (const name of EVENTS) {
    source.addEventListener(name, (event) => handle(name, parse(event.data) ?? {}));
  }
  source.addEventListener("error", () => {
    lost();
    // A refused stream (for example after a restart of the server) is not retried by browsers.
    if (source.readyState === EventSource.CLOSED) retryTimer = setTimeout(restart, RETRY_MS);
  });
  let retryTimer = 0;
  let stopRestarted = null;
  function restart() {
    stopRestarted = listen(user, handle, lost);
  }
  return () => {
    clearTimeout(retryTimer);
    source.close();
    stopRestarted?.();
  };
}

const RETRY_MS = 2_000;
