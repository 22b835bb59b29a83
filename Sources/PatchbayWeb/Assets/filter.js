// Lists that answer while one types, choices that show more fields.

import { isEnded, swap } from "./live.js";

export function startFilters() {
  for (const form of document.querySelectorAll("form[data-filter]")) {
    form.addEventListener("input", later(200, () => filter(form)));
  }
  for (const part of document.querySelectorAll("[data-shown-when]")) showWhen(part);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tr[data-open]");
    if (row && !event.target.closest("a, button")) location.assign(row.dataset.open);
  });
}

/** The work, once, when nobody asked for it for a while. */
export function later(milliseconds, work) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}

async function filter(form) {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  const search = query.size ? `?${query}` : "";
  const answer = await fetch(`/fragments${location.pathname}${search}`);
  if (answer.status === 401) return isEnded();
  history.replaceState(null, "", location.pathname + search);
  swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

/** `data-shown-when="existing="`: shown while the field of that name has that value. */
function showWhen(part) {
  const [name, value] = part.dataset.shownWhen.split("=");
  const field = part.closest("form").elements[name];
  if (!field) return;
  const update = () => { part.hidden = field.value !== value; };
  field.addEventListener("change", update);
  update();
}
