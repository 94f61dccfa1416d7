/*
 * The way back and forth: htmx asks the server for the page anew. Who steps quickly sees the page whose address is
 * open, whatever answer is the slower; where none comes, or that of another page, the browser loads it itself.
 */

import { onRequest, outdate, REPORT } from "./swapping";

let returning: XMLHttpRequest | null = null;

onRequest("htmx:historyCacheMiss", ({ xhr }) => {
  returning?.abort();
  returning = xhr;
  outdate(document.body);
  xhr.addEventListener("error", () => location.reload());
});

onRequest("htmx:beforeSend", ({ target }) => {
  if (target.matches(REPORT)) returning?.abort();
});

// When the login has ended, the answer is the login page.
onRequest("htmx:historyCacheMissLoad", ({ xhr }) => {
  if (new URL(xhr.responseURL).pathname !== location.pathname) location.reload();
});

document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
