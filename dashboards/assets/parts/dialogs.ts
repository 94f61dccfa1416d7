/*
 * Dialogs: the full view of a list, which is a page without scripts; the list of keys; questions before a form is
 * sent. The browser keeps the focus in them, closes them by Esc and gives the focus back.
 */

import { isPolling, onRequest, REPORT } from "./swapping";

const LIST = "list-dialog";

onRequest("htmx:afterSwap", ({ target }) => {
  if (target instanceof HTMLDialogElement && !target.open) target.showModal();
});

// A value that is clicked in a list filters the page below it. What asks stays until the answer has come: of its
// mishaps nobody would hear if it had left the page.
onRequest("htmx:beforeSend", ({ elt, target, xhr }) => {
  if (!target.matches(REPORT) || isPolling(elt)) return;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  xhr.addEventListener("loadend", () => empty(elt.closest("dialog")));
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  // A link to a place of the page leads to what the dialog hides.
  if (clicked.closest('a[href^="#"]')) clicked.closest("dialog")?.close();
  // What is clicked beside a dialog is its backdrop, which counts as the dialog itself.
  if (clicked instanceof HTMLDialogElement && isBeside(clicked, event)) clicked.close();
  const named = clicked.closest('[command="show-modal"]')?.getAttribute("commandfor");
  // Browsers before 2026 leave it to a script.
  if (named && !("commandForElement" in HTMLButtonElement.prototype)) {
    document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(named)}`)?.showModal();
  }
});

function isBeside(dialog: HTMLDialogElement, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

// "close" does not bubble.
document.addEventListener("close", (event) => {
  const dialog = event.target as HTMLDialogElement;
  if (!dialog.querySelector(".htmx-request")) empty(dialog);
}, true);

function empty(dialog: HTMLDialogElement | null): void {
  if (dialog?.id === LIST && !dialog.open) dialog.replaceChildren();
}
