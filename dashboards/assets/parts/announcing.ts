/*
 * Says which view is shown once it has come: who cannot see the report hears its title, as after a full load. The
 * server puts `<p id="announced" role="status">` beside what is swapped.
 */

import { isPolling, onRequest, REPORT } from "./swapping";

let isReport = false;

onRequest("htmx:beforeSwap", ({ elt, target }) => {
  isReport = target.matches(REPORT) && !isPolling(elt);
});

onRequest("htmx:afterSettle", () => {
  if (isReport) announce();
  isReport = false;
});

document.addEventListener("htmx:historyRestore", announce);

function announce(): void {
  const announced = document.getElementById("announced");
  if (announced) announced.textContent = document.title;
}
