// Forms that show what they would do while one types: what a rule matches, where a claim would be served.

import { isChanged, later } from "./filter.js";
import { isEnded, say, swap } from "./live.js";

const asked = new WeakMap();

/** Asks the server for the form's preview; an answer that comes after a later question is not shown. */
async function preview(form) {
  asked.get(form)?.abort();
  const question = new AbortController();
  asked.set(form, question);
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = form.method === "get" ? await look(form, body, question) : await send(form, body, question);
    if (answer.status === 401) isEnded();
    if (!answer.ok) throw new Error("no preview");
    await show(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    if (question.signal.aborted) return;
    document.querySelector(form.dataset.preview)?.classList.add("waiting");
    say("There is no preview now. What you typed is still here.");
  }
}

/** A form that changes nothing is a page of its own: its address is the question. */
function look(form, query, question) {
  return fetch(`/fragments${new URL(form.action).pathname}?${query}`, { signal: question.signal });
}

function send(form, body, question) {
  body.set("do", "preview");
  return fetch(form.action, {
    method: "POST", body, headers: { "X-Patchbay-Sheet": "yes" }, redirect: "manual", signal: question.signal,
  });
}

/** The address bar says what was asked. */
function follow(answer) {
  if (answer?.dataset.address) history.replaceState(null, "", answer.dataset.address);
}

/** Half a word says nothing yet: what the whole ones matched stays, paler, until there is more to say. */
async function show(form, parsed) {
  const place = form.dataset.preview;
  const old = document.querySelector(place);
  const fresh = parsed.querySelector(place);
  if (!old || !fresh) return;
  follow(fresh);
  const keeps = "unfinished" in fresh.dataset && "shows" in old.dataset;
  await swap(parsed, keeps ? "[data-hint][id]" : `${place}, [data-hint][id], [data-saying][id]`);
  const now = document.querySelector(place);
  now.classList.toggle("waiting", keeps);
  if (!keeps && old.dataset.said !== fresh.dataset.said) say(fresh.dataset.said);
}

const fieldsOf = (line) => [...line.querySelectorAll("[name]")];

/** A copy of the line as the server wrote it: empty. */
function emptied(line) {
  const copy = line.cloneNode(true);
  for (const field of fieldsOf(copy)) if (field.defaultValue !== undefined) field.value = field.defaultValue;
  return copy;
}

/** Keeps one empty line at the end of a list of lines. */
function grow(list, blank) {
  const last = list.lastElementChild;
  const empty = fieldsOf(blank);
  if (fieldsOf(last).every((field, index) => field.value === empty[index].value)) return;
  const line = blank.cloneNode(true);
  const number = list.children.length + 1;
  for (const node of line.querySelectorAll("[id], [aria-label], [aria-describedby]")) {
    for (const name of ["id", "aria-label", "aria-describedby"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace(/\d+$/, number));
    }
  }
  for (const place of line.querySelectorAll("[data-number]")) place.textContent = number;
  list.append(line);
}

function startForm(form) {
  const ask = later(250, () => preview(form));
  // A question that came with the address is answered anew, too, when something changes.
  const place = document.querySelector(form.dataset.preview);
  let isTouched = form.method === "get" || "shows" in (place?.dataset ?? {});
  follow(place);
  const lists = [...form.querySelectorAll("[data-grow]")].map((list) => [list, emptied(list.lastElementChild)]);
  const answer = () => {
    isTouched = true;
    for (const [list, blank] of lists) grow(list, blank);
    ask();
  };
  form.addEventListener("input", answer);
  // Typed before this was loaded, or filled in again by the browser for one who comes back.
  if ([...form.elements].some(isChanged)) answer();
  // Something else changed: what was typed may do something else now.
  document.addEventListener("patchbay:changed", () => { if (isTouched) ask(); });
}

export function startPreviews() {
  for (const form of document.querySelectorAll("form[data-preview]")) startForm(form);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = "copied";
  });
}
