// Times for people go on: "3 s ago" is true when it is read, not when the page was made.

/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

export function startTimes() {
  const told = Number(document.querySelector("main")?.dataset.now);
  if (told) ahead = told - Date.now();
  setInterval(() => { if (!document.hidden) tick(); }, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const words = wordsFor(time.textContent, Date.parse(time.dateTime) - Date.now() - ahead);
    if (words !== time.textContent) time.textContent = words;
  }
}

/** The same words as the server's; `left` in milliseconds, negative for what has been. */
function wordsFor(old, left) {
  if (Number.isNaN(left)) return old;
  if (old === "just now" || old.endsWith(" ago")) {
    const seconds = Math.floor(Math.max(0, -left) / 1000);
    return seconds < 2 ? "just now" : `${span(seconds)} ago`;
  }
  if (old.startsWith("for ")) return `for ${span(Math.floor(Math.max(0, -left) / 1000))}`;
  if (old === "over" || old.startsWith("in ")) return left > 0 ? `in ${span(Math.ceil(left / 1000))}` : "over";
  return old;
}

function span(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} days`;
}
