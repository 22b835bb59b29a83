// Lists that answer while one types, and keep what is ticked when they become another.

import { isChanged, later } from "./filter.js";
import { isEnded, swap } from "./live.js";

export function startLists() {
  for (const form of document.querySelectorAll("form[data-filter]")) {
    const ask = later(200, () => filter(form));
    form.addEventListener("input", (event) => event.target.type === "checkbox" ? tick(form, event.target) : ask());
    form.addEventListener("click", (event) => keepTicks(form, event.target.closest("th a[href]")));
    document.addEventListener("patchbay:redraw", () => count(form));
    count(form);
    // Typed or ticked before this was loaded.
    if ([...form.elements].some(isChanged)) ask();
  }
}

/** What the form says, as the address says it. */
function searchOf(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return query.size ? `?${query}` : "";
}

const ticks = (form) => [...form.querySelectorAll("input[name=device]")];

/** A tick stays in the address, so that it stays when the list becomes another. */
function tick(form, box) {
  if ("all" in box.dataset) for (const other of ticks(form)) if (other.closest("tr")) other.checked = box.checked;
  history.replaceState(null, "", location.pathname + searchOf(form));
  count(form);
}

function count(form) {
  const place = form.querySelector("[data-count]");
  const selected = ticks(form).filter((box) => box.checked).length;
  if (place) place.textContent = selected ? `${selected} selected` : "";
}

/** The same list in another order still has what is ticked. */
function keepTicks(form, link) {
  if (!link) return;
  const address = new URL(link.href);
  address.searchParams.delete("device");
  for (const box of ticks(form)) if (box.checked) address.searchParams.append("device", box.value);
  link.href = address.href;
}

async function filter(form) {
  const search = searchOf(form);
  const answer = await fetch(`/fragments${location.pathname}${search}`);
  if (answer.status === 401) return isEnded();
  history.replaceState(null, "", location.pathname + search);
  await swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
}
