// Colours: light, dark, or as the system says. The choice is a cookie, so that the server renders it and nothing flashes.

const order = { auto: "dark", dark: "light", light: "auto" };

export function startTheme() {
  const form = document.querySelector("form.theme");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const theme = button.value;
    document.documentElement.dataset.theme = theme;
    document.cookie = `patchbay-theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
    button.value = order[theme] ?? "auto";
    button.title = `Colours: ${theme}`;
    button.setAttribute("aria-label", `Colours: ${theme}. Change to ${button.value}`);
    document.dispatchEvent(new Event("patchbay:redraw"));
  });
}
