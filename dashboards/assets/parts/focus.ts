/*
 * The focus stays where it was when a part of the page is swapped: on the element that now stands for the one that
 * had it, or else on the part itself, so that who uses keys never starts again at the top of the page.
 */

import { onRequest } from "./swapping";

let held: { selectors: string[]; place: string } | null = null;

onRequest("htmx:beforeSwap", ({ target }) => {
  const focused = document.activeElement;
  held = focused && focused !== document.body && target.contains(focused) && target.id
    ? { selectors: selectorsOf(focused), place: target.id }
    : null;
});

onRequest("htmx:afterSettle", () => {
  const part = held && document.getElementById(held.place);
  const isLost = !document.activeElement || document.activeElement === document.body;
  if (held && part && isLost) focusIn(part, held.selectors);
  held = null;
});

function focusIn(part: HTMLElement, selectors: string[]): void {
  const found = selectors.map((selector) => part.querySelector<HTMLElement>(selector)).find(isShown);
  if (found) return focusOn(found);
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

function focusOn(element: HTMLElement): void {
  element.focus({ preventScroll: true });
  // Who has searched goes on typing behind what stands there.
  if (element instanceof HTMLInputElement && element.type === "search") {
    element.setSelectionRange(element.value.length, element.value.length);
  }
}

/** Give what an element can be found by, the surest first. */
function selectorsOf(element: Element): string[] {
  const name = element.localName;
  const by = (attribute: string) => {
    const value = element.getAttribute(attribute);
    return value ? [`${name}[${attribute}="${CSS.escape(value)}"]`] : [];
  };
  const own = element.id ? [`#${CSS.escape(element.id)}`] : [];
  const summary = name === "summary" ? selectorsOf(element.parentElement!).map((each) => `${each} > summary`) : [];
  return [...own, ...by("data-key"), ...by("data-focus"), ...by("href"), ...by("name"), ...by("aria-label"), ...summary];
}

function isShown(element: HTMLElement | null): element is HTMLElement {
  return element !== null && element.checkVisibility();
}
