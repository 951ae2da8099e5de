// Builds and patches DOM nodes without parsing text as HTML, so that no message can inject markup.

const AS_PROPERTY = new Set(["value", "checked", "indeterminate", "selected"]);

/**
 * Makes an element. `props` may hold `class`, attributes, `on…` listeners, and `vars` (CSS custom
 * properties, set through the CSSOM because the page's policy forbids inline styles).
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key === "vars") setVars(element, value);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (AS_PROPERTY.has(key)) element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function setVars(element, vars) {
  for (const [name, value] of Object.entries(vars)) {
    if (value !== null && value !== undefined) element.style.setProperty(name, value);
  }
}

function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child);
  }
}

/** Replaces everything inside `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * Like `fill`, but keeps the nodes that are still right. Nodes with listeners need a `data-key`
 * that is unique among their neighbours, so that none is reused for something else.
 */
export function patch(parent, ...children) {
  const fresh = parent.cloneNode(false);
  append(fresh, children);
  morphChildren(parent, fresh);
}

/** An element of the fixed page skeleton. */
export function byId(id) {
  return document.getElementById(id);
}

let lastId = 0;

/** A new id for label and listbox relations. */
export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * Makes `old` look like `fresh` by touching only what differs. Focus, scroll position and running
 * announcements survive, which a plain replacement would lose.
 */
export function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName
    || keyOf(old) !== keyOf(fresh)) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return old;
  }
  morphAttributes(old, fresh);
  morphChildren(old, fresh);
  return old;
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== "style" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const style = fresh.style?.cssText ?? "";
  if ((old.style?.cssText ?? "") !== style) old.style.cssText = style;
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  for (const [index, child] of wanted.entries()) {
    const current = old.childNodes[index];
    if (current) morph(current, child);
    else old.append(child);
  }
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

/** Runs `work` after `wait_ms` of quiet; `cancel()` forgets it. */
export function debounce(work, wait_ms) {
  let timer = 0;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait_ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
