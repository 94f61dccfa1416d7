/*
 * What refreshes by itself (`hx-trigger="every 30s, page-visible from:body"`) rests while nobody can see the page, and
 * is fetched at once when somebody looks again.
 */

import htmx from "htmx.org";

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (document.hidden && elt.getAttribute("hx-trigger")?.includes("every")) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(document.body, "page-visible", {});
});
