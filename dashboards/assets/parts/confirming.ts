/*
 * Forms with `data-confirm="text"` ask before they are sent. The question is `<template id="confirm-template">`: a
 * dialog with an element `data-question` and a button `data-yes`, which takes the words of the one that was clicked.
 * What is sent then has `confirmed=yes`; without scripts that is missing, and the server may ask by a page of its own.
 */

const CONFIRMED = "confirmed";

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const question = form.dataset["confirm"];
  const template = document.querySelector<HTMLTemplateElement>("#confirm-template");
  if (!question || !template || form.elements.namedItem(CONFIRMED)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(template, question, event.submitter, () => {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: CONFIRMED, value: "yes" });
    form.append(field);
    form.requestSubmit(event.submitter);
    field.remove();
  });
}, true);

function ask(template: HTMLTemplateElement, question: string, submitter: HTMLElement | null, act: () => void): void {
  const dialog = (template.content.cloneNode(true) as DocumentFragment).querySelector("dialog")!;
  const yes = dialog.querySelector<HTMLButtonElement>("[data-yes]")!;
  dialog.querySelector("[data-question]")!.textContent = question;
  if (submitter?.textContent) yes.textContent = submitter.textContent.trim();
  yes.addEventListener("click", () => {
    dialog.close();
    act();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
