// The plan sheet: a form's dry run in a dialog. Without it the same sheet is a page of its own.

import { isEnded, renewTokens } from "./live.js";

let dialog;
let opener;

/** Sends the form for its plan and shows the answer; `button` is the one that was pressed. */
export async function openSheet(form, button, isAgain = false) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  opener = document.activeElement;
  const rest = wait(button);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Patchbay-Sheet": "yes" }, redirect: "manual",
    });
  } catch {
    form.submit();
    return;
  } finally {
    rest();
  }
  if (answer.type === "opaqueredirect") {
    location.reload();
    return;
  }
  if (answer.status === 401) isEnded();
  // The form is of a session that ended, and somebody has logged in since.
  if (answer.status === 403 && !isAgain && (await renewTokens())) {
    await openSheet(form, button, true);
    return;
  }
  const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
  show(isPage ? await answer.text() : strange(answer.status));
}

/** What takes a while says so on its button, which does nothing meanwhile. */
function wait(button) {
  if (!button?.dataset.busy) return () => {};
  const words = button.textContent;
  button.textContent = button.dataset.busy;
  button.disabled = true;
  return () => {
    button.textContent = words;
    button.disabled = false;
  };
}

/** Something between here and the server answered. */
function strange(status) {
  return `<section class="sheet panel"><h1 id="sheet-title">No plan</h1>
    <p>The answer ${status} is none of Patchbay's pages. What you typed is still here; try again.</p>
    <p class="actionbar end"><button class="button" type="button" data-close>Back</button></p></section>`;
}

function show(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  dialog ??= document.body.appendChild(document.createElement("dialog"));
  dialog.replaceChildren(...parsed.body.childNodes);
  dialog.setAttribute("aria-labelledby", "sheet-title");
  dialog.addEventListener("close", () => opener?.focus?.(), { once: true });
  for (const code of dialog.querySelectorAll(".shell code")) code.after(copyButton(code.textContent));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-apply], [data-close]")?.focus();
}

export function copyButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link copy";
  button.textContent = "copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
  });
  return button;
}

export function startSheets() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!form.matches("form[data-sheet]") || button?.hasAttribute("data-plain")) return;
    event.preventDefault();
    openSheet(form, button);
  });
  document.addEventListener("click", (event) => {
    if (!dialog?.open) return;
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    } else if (event.target === dialog) {
      dialog.close();
    }
  });
}

export function applySheet() {
  const scope = dialog?.open ? dialog : document;
  scope.querySelector("[data-apply]")?.click();
}

export function sheetIsOpen() {
  return dialog?.open ?? false;
}
