/*
 * htmx under our rules: no code made of text, no style of its own, and nothing kept in the browser. It swaps parts of
 * the page in place of loading it anew; what goes wrong is in mishaps.ts, where the focus goes in focus.ts.
 */

import htmx from "htmx.org";
import { onOpen } from "./opening";

export const REPORT = "#report";
const PATIENCE = 30_000; // milliseconds

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  timeout: PATIENCE,
  // New content comes as it is at once. Settling would also copy style attributes, which the policy forbids.
  defaultSettleDelay: 0,
  attributesToSettle: [],
  // A state that cannot be answered comes with words that say so, as a report like any other.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "400|422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

const running = new Map<XMLHttpRequest, Element>();
const outdated = new WeakSet<XMLHttpRequest>();

/** What htmx tells of a request; only what is used here. */
export interface Requesting {
  elt: Element;
  target: Element;
  xhr: XMLHttpRequest;
  requestConfig: { verb: string; path: string; triggeringEvent?: Event };
  pathInfo: { finalRequestPath?: string; requestPath: string };
}

/** Hear an event of a request. */
export function onRequest(name: string, act: (requesting: Requesting, event: CustomEvent<Requesting>) => void): void {
  document.addEventListener(name, (event) => act((event as CustomEvent<Requesting>).detail, event as CustomEvent));
}

/** Tell whether something newer was asked for in the meantime. */
export function isOutdated(xhr: XMLHttpRequest): boolean {
  return outdated.has(xhr);
}

/** Tell whether an element asks by itself, again and again: nobody waits for its answer. */
export function isPolling(element: Element): boolean {
  return element.getAttribute("hx-trigger")?.includes("every") ?? false;
}

onOpen((address) => {
  if (!document.querySelector(REPORT)) return location.assign(address);
  const absolute = new URL(address, location.href);
  void htmx.ajax("get", absolute.pathname + absolute.search, { target: REPORT, swap: "outerHTML", push: "true" });
});

// Who steps quickly through periods asks for the next before the last has come. Only the latest may arrive: the
// element that an older one was to replace would be gone, and with it the place of the newer one.
onRequest("htmx:beforeSend", ({ target, xhr }) => {
  outdate(target);
  running.set(xhr, target);
  target.setAttribute("aria-busy", "true");
  xhr.addEventListener("loadend", () => {
    running.delete(xhr);
    if (![...running.values()].includes(target)) target.removeAttribute("aria-busy");
  });
});

/** Let nothing arrive any more that was asked for within an element. */
export function outdate(within: Element): void {
  for (const [older, place] of running) {
    if (!within.contains(place)) continue;
    outdated.add(older);
    place.addEventListener("htmx:beforeSwap", refuseOutdated); // it may have left the page before that event
  }
}

function refuseOutdated(event: Event): void {
  const { xhr } = (event as CustomEvent<Requesting>).detail;
  if (!isOutdated(xhr)) return;
  event.preventDefault();
  event.stopPropagation();
}

onRequest("htmx:beforeSwap", ({ target, xhr, pathInfo }, event) => {
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname) return;
  // Another page than was asked for answers when the login has ended: it is shown as the page that it is.
  event.preventDefault();
  if (target.matches(REPORT)) location.assign(asked);
  else location.reload();
});
