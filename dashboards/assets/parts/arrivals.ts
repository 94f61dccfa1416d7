/*
 * Things that must be done to elements once they are on the page, whether they came with it or by a swap.
 */

/** Do something now, and again whenever htmx has put new content on the page. It must bear being done twice. */
export function onArrival(act: () => void): void {
  document.addEventListener("htmx:load", act);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
  else act();
}
