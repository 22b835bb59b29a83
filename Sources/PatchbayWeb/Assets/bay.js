// The Bay: draws cables, lets them be dragged and pulled, and answers to keys.
// Nothing is changed here: every gesture ends in the plan sheet.

import { openSheet } from "./sheet.js";
import { say } from "./live.js";

const svgSpace = "http://www.w3.org/2000/svg";
const pullDistance = 48;
const selected = new Set();
let drawn = false;

const bay = () => document.getElementById("bay");
const jacks = () => [...document.querySelectorAll("#bay .jack")].filter((jack) => jack.checkVisibility());
const unitOf = (jack) => document.querySelectorAll(`#bay .jack[data-unit="${CSS.escape(jack.dataset.unit)}"]`);

// Cables

function element(name, attributes) {
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The middle of what stands for the jack: itself, or the folded lane or bank it is in. */
function place(jack, origin) {
  let seen = jack;
  for (let fold = jack.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
    seen = fold.querySelector("[data-anchor]");
  }
  const box = seen.getBoundingClientRect();
  return { x: box.left + box.width / 2 - origin.left, y: box.top + box.height / 2 - origin.top };
}

/** A hanging cable: control points at 45 % of the gap, sagging more the further it climbs. */
function curve(from, to) {
  const gap = (to.x - from.x) * 0.45;
  const sag = Math.min(60, 18 + 0.12 * Math.abs(to.y - from.y));
  const n = (value) => value.toFixed(1);
  return `M${n(from.x)} ${n(from.y)}C${n(from.x + gap)} ${n(from.y + sag)} ${n(to.x - gap)} ${n(to.y + sag)} ${n(to.x)} ${n(to.y)}`;
}

export function draw() {
  const board = bay();
  if (!board) return;
  const svg = board.parentElement.querySelector(".cables");
  const origin = svg.getBoundingClientRect();
  const sockets = new Map();
  for (const inlet of board.querySelectorAll(".inlet[data-device]")) {
    if (inlet.dataset.device) sockets.set(inlet.dataset.device, inlet.querySelector(".socket"));
  }
  const paths = [];
  for (const jack of board.querySelectorAll(".jack[data-cable]:not([data-cable=''])")) {
    const socket = sockets.get(jack.value);
    if (!socket) continue;
    const box = socket.getBoundingClientRect();
    const rightToLeft = getComputedStyle(board).direction === "rtl";
    const from = place(jack, origin);
    from.x += rightToLeft ? -8 : 8;
    const to = { x: (rightToLeft ? box.right : box.left) - origin.left, y: box.top + box.height / 2 - origin.top };
    const d = curve(from, to);
    const colour = [...jack.classList].find((name) => name.startsWith("colour-")) ?? "";
    const fresh = drawn ? "" : " fresh";
    paths.push(element("path", { d, class: "halo" }));
    paths.push(element("path", { d, class: `cable ${colour} is-${jack.dataset.cable}${fresh}` }));
  }
  drawn = true;
  for (const jack of board.querySelectorAll(".jack")) {
    if (selected.has(jack.value)) jack.setAttribute("aria-pressed", "true");
  }
  svg.replaceChildren(...paths);
}

let frame;
function drawSoon() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(draw);
}

// Dragging

function startDrag(event) {
  const jack = event.target.closest("#bay .jack[data-move]:not([data-move=''])");
  if (!jack || event.button !== 0) return;
  const svg = bay().parentElement.querySelector(".cables");
  const start = { x: event.clientX, y: event.clientY };
  let loose;
  let over;
  const move = (at) => {
    const distance = Math.hypot(at.clientX - start.x, at.clientY - start.y);
    if (!loose && distance < 6) return;
    if (!loose) {
      loose = element("path", { class: "cable is-loose" });
      svg.append(loose);
      document.body.classList.add("dragging");
      for (const member of unitOf(jack)) member.classList.add("lit");
    }
    const origin = svg.getBoundingClientRect();
    loose.setAttribute("d", curve(place(jack, origin), { x: at.clientX - origin.left, y: at.clientY - origin.top }));
    over?.classList.remove("target");
    over = document.elementFromPoint(at.clientX, at.clientY)?.closest(".instrument");
    if (jack.dataset.move === "connect") over?.classList.add("target");
  };
  const end = (at) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", drop);
    document.removeEventListener("keydown", escape, true);
    const isFar = loose && Math.hypot(at.clientX - start.x, at.clientY - start.y) > pullDistance;
    const target = over;
    drop();
    if (!isFar) return;
    // Where the button went up on the jack itself, a click follows at once; it was part of the gesture.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true });
    setTimeout(() => {
      document.removeEventListener("click", swallow, { capture: true });
      finish(jack, target);
    }, 0);
  };
  const drop = () => {
    document.removeEventListener("pointermove", move);
    loose?.remove();
    loose = undefined;
    over?.classList.remove("target");
    document.body.classList.remove("dragging");
    for (const member of unitOf(jack)) member.classList.remove("lit");
  };
  const escape = (key) => { if (key.key === "Escape") drop(); };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", escape, true);
}

function finish(jack, instrument) {
  if (jack.dataset.move === "connect" && instrument) connect(jack, instrument.dataset.vm);
  else if (jack.dataset.move === "pull" && instrument?.dataset.vm !== jack.dataset.vm) pull(jack);
}

// What a gesture asks for

function connect(jack, vm) {
  const form = document.getElementById("connect");
  if (!form) return;
  choose(form.elements.what, `device:${jack.value}`);
  choose(form.elements.vm, vm);
  openSheet(form);
}

function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
  select.value = value;
}

function pull(jack) {
  const form = document.getElementById("disconnect");
  form.elements.vm.value = jack.dataset.vm;
  form.elements.device.value = jack.value;
  openSheet(form);
}

// Keys

const here = () => document.activeElement?.closest?.("#bay .jack");

function step(distance) {
  if (!bay()) return false;
  const all = jacks();
  const at = all.indexOf(here());
  const instruments = [...document.querySelectorAll("#bay .vmname")];
  const vm = instruments.indexOf(document.activeElement);
  const row = vm >= 0 ? instruments : all;
  const next = row[Math.max(0, Math.min(row.length - 1, (vm >= 0 ? vm : at) + distance))] ?? row[0];
  if (!next) return false;
  next.focus();
  return true;
}

function light() {
  for (const jack of document.querySelectorAll("#bay .jack.lit")) jack.classList.remove("lit");
  const jack = here();
  const unit = jack ? unitOf(jack) : [];
  if (unit.length > 1) for (const member of unit) member.classList.add("lit");
}

function select(jack) {
  if (selected.delete(jack.value)) jack.removeAttribute("aria-pressed");
  else {
    selected.add(jack.value);
    jack.setAttribute("aria-pressed", "true");
  }
  const bar = document.getElementById("selection");
  bar.hidden = selected.size === 0;
  bar.querySelector("span").textContent = `${selected.size} selected:`;
  const query = new URLSearchParams([...selected].map((device) => ["device", device]));
  bar.querySelector("a").href = `/passthrough?${query}`;
  say(`${selected.size} selected`);
}

export const bayKeys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  ArrowRight: () => {
    const vm = here()?.dataset.vm;
    const names = [...document.querySelectorAll("#bay .vmname")];
    (names.find((name) => name.textContent === vm) ?? names[0])?.focus();
    return names.length > 0;
  },
  ArrowLeft: () => {
    const vm = document.activeElement?.closest?.(".instrument")?.dataset.vm;
    const all = jacks();
    (all.find((jack) => vm && jack.dataset.vm === vm) ?? all[0])?.focus();
    return all.length > 0;
  },
  c: () => {
    const jack = here();
    const form = document.getElementById("connect");
    if (!jack || !form) return false;
    if (jack.dataset.move !== "connect") {
      say(`${jack.getAttribute("aria-label")}: it cannot be connected`);
      return true;
    }
    choose(form.elements.what, `device:${jack.value}`);
    form.elements.vm.focus();
    return true;
  },
  x: () => {
    const jack = here();
    if (jack?.dataset.move !== "pull") return false;
    pull(jack);
    return true;
  },
  " ": () => {
    const jack = here();
    if (!jack) return false;
    select(jack);
    return true;
  },
};

export function startBay() {
  if (!bay()) return;
  draw();
  new ResizeObserver(drawSoon).observe(document.getElementById("bay-page"));
  document.addEventListener("toggle", drawSoon, true);
  document.addEventListener("patchbay:redraw", drawSoon);
  document.addEventListener("focusin", light);
  document.addEventListener("pointerdown", startDrag);
}
