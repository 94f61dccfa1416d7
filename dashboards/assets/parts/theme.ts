/*
 * Light, dark, or as the system has it. The server reads the choice from a cookie, so that no page flashes; it is
 * set by the click on the switch and by nothing else.
 */

import { onArrival } from "./arrivals";

type Theme = "auto" | "light" | "dark";

const YEAR = 365 * 24 * 60 * 60; // seconds
const SWITCH = "#theme-switch";

onArrival(() => {
  const button = document.querySelector<HTMLElement>(SWITCH);
  if (button) name(button, themeNow());
});

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>(SWITCH);
  if (!button) return;
  const theme = nextTheme(themeNow());
  document.documentElement.dataset["theme"] = theme;
  keep(theme);
  name(button, theme);
});

function themeNow(): Theme {
  return (document.documentElement.dataset["theme"] ?? "auto") as Theme;
}

/** Give the next choice. The first click changes what is seen, the third leads back to the system's. */
function nextTheme(theme: Theme): Theme {
  const system: Theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const other: Theme = system === "dark" ? "light" : "dark";
  if (theme === other) return system;
  return theme === system ? "auto" : other;
}

function keep(theme: Theme): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = theme === "auto" ? 0 : YEAR;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${secure}`;
}

/** Say what the switch stands at, in the server's words: `data-auto`, `data-light` and `data-dark`. */
function name(button: HTMLElement, theme: Theme): void {
  const words = button.dataset[theme];
  if (!words) return;
  button.ariaLabel = words;
  button.title = words;
}
