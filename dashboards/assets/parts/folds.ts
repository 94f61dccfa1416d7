/*
 * What was unfolded stays so when the part of the page around it is swapped, such as the graph's table; menus close.
 */

import { onRequest } from "./swapping";

const FOLDS = "details[class]:not(.menu):not(.calendar)";

let unfolded: string[] = [];

onRequest("htmx:beforeSwap", ({ target }) => {
  const open = [...target.querySelectorAll<HTMLDetailsElement>(FOLDS)].filter((each) => each.open);
  unfolded = open.map((each) => each.className);
});

onRequest("htmx:afterSwap", () => {
  for (const each of document.querySelectorAll<HTMLDetailsElement>(FOLDS)) {
    if (unfolded.includes(each.className)) each.open = true;
  }
  unfolded = [];
});
