// The plan sheet: a form's dry run in a dialog. Without it the same sheet is a page of its own.

let dialog;
let opener;

/** Sends the form for its plan and shows the answer; `button` is the one that was pressed. */
export async function openSheet(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  opener = document.activeElement;
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Patchbay-Sheet": "yes" }, redirect: "manual",
    });
  } catch {
    form.submit();
    return;
  }
  if (answer.type === "opaqueredirect") {
    location.reload();
    return;
  }
  show(await answer.text());
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
