// Choices that send their form or show more fields, rows that open.

export function startChoices() {
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

/** The field says something else than the server wrote into it. */
export function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== (field.defaultValue ?? field.value);
  const options = [...field.options];
  return field.selectedIndex !== Math.max(0, options.findIndex((option) => option.defaultSelected));
}

/** `data-shown-when="existing="`: shown while the field of that name has that value. */
function showWhen(part) {
  const [name, value] = part.dataset.shownWhen.split("=");
  const field = part.closest("form").elements[name];
  if (!field) return;
  const update = () => {
    part.hidden = field.value !== value;
    for (const inner of part.querySelectorAll("input, select, textarea")) {
      inner.disabled = part.hidden;
      if ("required" in inner.dataset) inner.required = !part.hidden;
    }
  };
  field.addEventListener("change", update);
  update();
}
