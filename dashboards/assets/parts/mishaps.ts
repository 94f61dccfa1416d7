/*
 * When an answer does not come: the page says so where it was to be, and offers to try again.
 *
 * The words stand in `<template id="error-template">`, whose element has the id "report-error" and a button with
 * `data-retry`.
 */

import { open } from "./opening";
import { isOutdated, onRequest, type Requesting } from "./swapping";

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
  const button = document.querySelector<HTMLButtonElement>(`#${SHOWN} [data-retry]`);
  button?.addEventListener("click", () => retry(elt, address));
  button?.focus();
}

/** Tell whether a request came by itself: it comes again, and nobody waits for it. */
function isPolling(element: Element): boolean {
  return element.getAttribute("hx-trigger")?.includes("every") ?? false;
}

function retry(element: Element, address: string): void {
  if (element instanceof HTMLFormElement) element.requestSubmit();
  else if (element instanceof HTMLAnchorElement) element.click();
  else open(document.body, address);
}
