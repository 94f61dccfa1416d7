/*
 * The time zone of a new site is that of the browser, until somebody chooses another: it cannot be changed later.
 */

import { onArrival } from "./arrivals";

// Browsers keep the names that cities had when the Unicode CLDR began.
const NAMES_NOW: Readonly<Record<string, string>> = {
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
};

onArrival(() => {
  for (const list of document.querySelectorAll<HTMLSelectElement>("select[data-own-zone]")) {
    const isChosen = !list.selectedOptions[0]?.defaultSelected;
    const own = [...list.options].find((option) => option.value === ownZone());
    if (own && !isChosen) own.selected = true;
  }
});

function ownZone(): string {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return NAMES_NOW[name] ?? name;
}
