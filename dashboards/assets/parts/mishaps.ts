/*
 * When an answer does not come: the page says so where it was to be, and offers to try again.
 *
 * The words stand in `<template id="error-template">`, whose element has the id "report-error" and one button.
 */

import { open } from "./opening";
import { isOutdated, isPolling, onRequest, type Requesting } from "./swapping";

const SHOWN = "report-error";

for (const mishap of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) onRequest(mishap, tell);

onRequest("htmx:beforeSend", () => document.getElementById(SHOWN)?.remove());

function tell({ elt, target, xhr, pathInfo }: Requesting): void {
  if (isOutdated(xhr) || isPolling(elt)) return;
  const template = document.querySelector<HTMLTemplateElement>("#error-template");
  const address = pathInfo.finalRequestPath ?? pathInfo.requestPath;
  if (!template || !target.isConnected) return location.assign(address);
  document.getElementById(SHOWN)?.remove();
  target.prepend(template.content.cloneNode(true));
  const button = document.querySelector<HTMLButtonElement>(`#${SHOWN} button`);
  button?.addEventListener("click", () => retry(elt, address));
  button?.focus();
}

function retry(element: Element, address: string): void {
  // What asked may have gone with its dialog or menu.
  if (element.isConnected && element instanceof HTMLFormElement) element.requestSubmit();
  else if (element.isConnected && element instanceof HTMLAnchorElement) element.click();
  else open(document.body, address);
}
