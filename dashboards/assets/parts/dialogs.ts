/*
 * Dialogs: the full view of a list, which is a page without scripts; the list of keys; questions before a form is
 * sent. The browser keeps the focus in them, closes them by Esc and gives the focus back.
 */

import { onRequest, REPORT } from "./swapping";

const LIST = "list-dialog";

onRequest("htmx:afterSwap", ({ target }) => {
  if (target instanceof HTMLDialogElement && !target.open) target.showModal();
});

// A value that is clicked in a list filters the page below it.
onRequest("htmx:beforeSend", ({ target }) => {
  if (target.matches(REPORT)) for (const dialog of document.querySelectorAll("dialog")) dialog.close();
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const opener = clicked.closest<HTMLElement>("[data-dialog]");
  const dialog = clicked.closest("dialog");
  if (opener) document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(opener.dataset["dialog"]!)}`)?.showModal();
  // What is clicked beside a dialog is its backdrop, which counts as the dialog itself.
  else if (dialog && (clicked === dialog || clicked.closest("[data-close]"))) dialog.close();
});

// "close" does not bubble.
document.addEventListener("close", (event) => {
  const dialog = event.target as HTMLDialogElement;
  if (dialog.id === LIST) dialog.replaceChildren();
}, true);
