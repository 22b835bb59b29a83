// Live pages: reads the server's events and fetches the changed parts again, one sentence each for those who listen.

import { isChanged } from "./filter.js";

const parts = () => document.querySelector("[data-fragment]");
let light;
/** The last event that this page knows of: at first the one before it was made. */
let lastID;
let hasHeard = false;
let retryAfter = 1000;
let lostAt;
let stream;
let due;
let retry;
let sessionEnded = false;
/** Over when nothing is pressed: a part that is replaced between press and release takes the click away. */
let release = () => {};
let released = Promise.resolve();

export function startLive() {
  watchPresses();
  light = document.getElementById("live");
  if (!light) return;
  light.hidden = false;
  lastID = document.getElementById("main").dataset.newest;
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream?.abort();
    else if (!stream || stream.signal.aborted || sessionEnded) connect();
  });
}

function watchPresses() {
  document.addEventListener("pointerdown", (event) => {
    release();
    if (event.button === 0) released = new Promise((done) => { release = done; });
  }, true);
  // The click comes right after it.
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(release), true);
}

/** Back from logging in, perhaps in another tab: the forms of this page get the new session's token. */
export async function renewTokens() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=formToken]")?.value;
  if (answer.redirected || !token) return false;
  for (const field of document.querySelectorAll("input[name=formToken]")) field.value = token;
  return true;
}

async function connect() {
  clearTimeout(retry);
  stream?.abort();
  stream = new AbortController();
  const { signal } = stream;
  try {
    const headers = { Accept: "text/event-stream" };
    if (lastID) headers["Last-Event-ID"] = lastID;
    const answer = await fetch(light.dataset.url, { headers, signal, cache: "no-store" });
    if (answer.status === 401) isEnded();
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Error("no stream");
    if (sessionEnded) await renewTokens();
    isLive();
    if (!lastID || lostAt) refresh();
    lostAt = undefined;
    await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
  } catch {
    if (signal.aborted) return;
  }
  if (signal.aborted) return;
  if (!sessionEnded) isLost();
  retry = setTimeout(() => { if (!document.hidden) connect(); }, retryAfter);
  retryAfter = Math.min(retryAfter * 2, 30000);
}

async function read(reader) {
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value.replaceAll("\r", "");
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      take(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

function take(block) {
  let data = "";
  let kind = "message";
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    switch (line.slice(0, colon)) {
      case "id": lastID = value; break;
      case "event": kind = value; break;
      case "data": data += value; break;
    }
  }
  // A page that was made just now would be made again and again.
  if (kind === "resync") return hasHeard ? location.reload() : refresh();
  if (!data) return;
  hasHeard = true;
  const event = JSON.parse(data);
  if (event.sentence) say(event.sentence);
  if (concerns(event.subject ?? "")) refresh();
}

/** True when something on this page is about the subject, `plan p-7f31`. */
function concerns(subject) {
  const watched = parts()?.dataset.watch;
  // A policy may change any pool.
  if (subject === "policy") return Boolean(watched);
  return watched === "*" || (watched ?? "").split(" ").includes(subject.split(" ")[0]);
}

/** Fetches the page's parts again, soon, once for all events that come together. */
export function refresh() {
  if (due) return;
  due = setTimeout(async () => {
    due = undefined;
    document.dispatchEvent(new Event("patchbay:changed"));
    const page = parts();
    if (!page?.dataset.fragment) return;
    try {
      const answer = await fetch(page.dataset.fragment + (page.hasAttribute("data-query") ? location.search : ""));
      if (answer.status === 401) isEnded();
      else if (answer.ok) await swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      isLost();
    }
  }, 80);
}

/** Replaces every live part by its namesake in `parsed`; what is open, ticked, typed, focused or being pressed stays so. */
export async function swap(parsed, parts = "[data-live][id]") {
  await released;
  for (const old of document.querySelectorAll(parts)) {
    const fresh = parsed.getElementById(old.id);
    if (!fresh || fresh.isEqualNode(old)) continue;
    const focused = old.contains(document.activeElement) ? placeIn(old, document.activeElement) : undefined;
    for (const details of old.querySelectorAll("details[id]")) {
      fresh.querySelector(`#${CSS.escape(details.id)}`)?.toggleAttribute("open", details.open);
    }
    for (const box of old.querySelectorAll("input:checked")) {
      const twin = fresh.querySelector(`input[value="${CSS.escape(box.value)}"]`);
      if (twin) twin.checked = true;
    }
    for (const field of old.querySelectorAll("[id][name]:not([type=checkbox])")) {
      const twin = isChanged(field) && fresh.querySelector(`#${CSS.escape(field.id)}`);
      if (twin) twin.value = field.value;
    }
    old.replaceWith(fresh);
    if (focused) fresh.querySelectorAll(focused.selector)[focused.index]?.focus();
  }
  document.dispatchEvent(new Event("patchbay:redraw"));
}

/** What finds the same thing in the fresh part: by id, by where it leads or what it sends, and which of those it is. */
function placeIn(part, node) {
  let selector = node.localName;
  if (node.id) selector = `#${CSS.escape(node.id)}`;
  else if (node.hasAttribute("href")) selector += `[href="${CSS.escape(node.getAttribute("href"))}"]`;
  else if (node.value) selector += `[value="${CSS.escape(node.value)}"]`;
  return { selector, index: [...part.querySelectorAll(selector)].indexOf(node) };
}

export function say(sentence) {
  const place = document.getElementById("said");
  if (place) place.textContent = sentence;
}

function show(glyph, words, isOff) {
  light.querySelector(".glyph").textContent = glyph;
  light.querySelector(".words").textContent = words;
  light.classList.toggle("is-live", !isOff);
  light.classList.toggle("is-off", isOff);
  document.documentElement.classList.toggle("stale-data", isOff);
}

function isLive() {
  sessionEnded = false;
  retryAfter = 1000;
  show("●", "live", false);
}

/** What is typed stays; the way in opens beside it. */
export function isEnded() {
  sessionEnded = true;
  lostAt ??= new Date();
  retryAfter = Math.min(retryAfter, 4000);
  if (!light || light.querySelector("a")) return;
  show("○", "session ended: ", true);
  const link = document.createElement("a");
  link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.textContent = "log in";
  light.querySelector(".words").append(link);
  say("Your session ended. Log in again; what you typed stays here.");
}

function isLost() {
  lostAt ??= new Date();
  const time = lostAt.toTimeString().slice(0, 5);
  show("○", `not live since ${time}, retrying`, true);
}
