/*
 * The time zone of a new site is that of the browser, until somebody chooses another: it cannot be changed later.
 */

import { onArrival } from "./arrivals";

onArrival(() => {
  for (const list of document.querySelectorAll<HTMLSelectElement>("select[data-own-zone]")) {
    const isChosen = !list.selectedOptions[0]?.defaultSelected;
    const own = [...list.options].find((option) => option.value === ownZone());
    if (own && !isChosen) own.selected = true;
  }
});

function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
