// The page of a host: what shares a group lights up together, and what puts a check right can be copied.

import { copyButton } from "./sheet.js";

function offerCopies() {
  for (const fix of document.querySelectorAll("pre.fix")) {
    if (!fix.previousElementSibling.querySelector(".copy")) fix.previousElementSibling.append(copyButton(fix.textContent));
  }
}

export function startHost() {
  const light = (event, isOn) => {
    const unit = event.target.closest?.(".topology [data-unit]")?.dataset.unit;
    if (!unit) return;
    for (const box of document.querySelectorAll(".topology [data-unit]")) {
      if (box.dataset.unit === unit) box.classList.toggle("lit", isOn);
    }
  };
  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, (event) => light(event, true));
    document.addEventListener(end, (event) => light(event, false));
  }
  offerCopies();
  document.addEventListener("patchbay:redraw", offerCopies);
}
