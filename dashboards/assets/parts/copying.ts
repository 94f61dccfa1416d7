/*
 * Buttons that copy: `<button hidden data-copy="#snippet" data-copied="Copied">`. They are hidden until there is a
 * script that can do it.
 */

import { onArrival } from "./arrivals";

const THANKS = 2000; // milliseconds for which a button says that it has copied

onArrival(() => {
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy][hidden]")) button.hidden = false;
});

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  const source = button && document.querySelector<HTMLElement>(button.dataset["copy"]!);
  if (button && source) void copy(source).then(() => thank(button));
});

async function copy(source: HTMLElement): Promise<void> {
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "");
  // Browsers give the clipboard to pages over HTTPS only; elsewhere the selection is copied.
  if (isSecureContext) return navigator.clipboard.writeText(text.trim());
  getSelection()?.selectAllChildren(source);
  document.execCommand("copy");
}

function thank(button: HTMLElement): void {
  const thanks = button.dataset["copied"];
  const name = button.textContent;
  if (!thanks || name === thanks) return;
  button.ariaLive = "polite";
  button.textContent = thanks;
  setTimeout(() => (button.textContent = name), THANKS);
}
