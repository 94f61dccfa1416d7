/*
 * Dialogs: the full view of a list, which is a page without scripts; the list of keys; questions before a form is
 * sent. The browser keeps the focus in them, closes them by Esc and gives the focus back.
 */

import { isPolling, onRequest, REPORT } from "./swapping";

const LIST = "list-dialog";

onRequest("htmx:afterSwap", ({ target }) => {
  if (target instanceof HTMLDialogElement && !target.open) target.showModal();
});

// A value that is clicked in a list filters the page below it.
onRequest("htmx:beforeSend", ({ elt, target }) => {
  if (!target.matches(REPORT) || isPolling(elt)) return;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
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
  if (dialog.id === LIST) dialog.replaceChildren();
}, true);
