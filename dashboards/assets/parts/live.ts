/*
 * What refreshes by itself (`hx-trigger="every 30s, page-visible from:body"`) rests while nobody can see the page, and
 * is fetched at once when somebody looks again.
 */

import htmx from "htmx.org";
import { isPolling, onRequest } from "./swapping";

onRequest("htmx:beforeRequest", ({ elt }, event) => {
  if (document.hidden && isPolling(elt)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(document.body, "page-visible", {});
});
