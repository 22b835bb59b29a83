// The keyboard. What is bound here is listed on /keys, and nothing else is.

import { applySheet, sheetIsOpen } from "./sheet.js";

const places = {
  "g b": "/", "g d": "/devices", "g v": "/vms", "g p": "/pools", "g c": "/claims", "g w": "/whatif",
  "g l": "/plans", "g h": "/hosts", "g e": "/events",
};

let before = "";

export function startKeys(bay) {
  const actions = {
    "/": () => document.querySelector("#filter, #search")?.focus(),
    "?": () => location.assign("/keys"),
    ...bay,
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      applySheet();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || sheetIsOpen()) return;
    if (event.target.closest("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const pair = `${before} ${event.key}`;
    before = event.key;
    if (places[pair]) {
      location.assign(places[pair]);
    } else if (actions[event.key]) {
      if (actions[event.key](event) !== false) event.preventDefault();
    }
  });
}
