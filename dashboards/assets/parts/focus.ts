/*
 * The focus stays where it was when a part of the page is swapped: on the element that now stands for the one that
 * had it, or on the menu that this one was in, or else on the innermost part of the page around it, so that who uses
 * keys never starts again at the top of the page.
 */

import { onRequest } from "./swapping";

/** What had the focus, by what it can be found by and by the parts around it, the innermost first. */
let held: { selectors: string[]; parts: string[] } | null = null;

onRequest("htmx:beforeSwap", ({ target }) => hold(target));

// The way back brings the whole page.
document.addEventListener("htmx:historyCacheMissLoad", () => hold(document.querySelector("main")!));

function hold(swapped: Element): void {
  const focused = document.activeElement;
  held = focused && focused !== document.body && swapped.contains(focused) && swapped.id
    ? { selectors: selectorsOf(focused), parts: partsAround(focused, swapped) }
    : null;
}

onRequest("htmx:afterSettle", () => {
  const part = held && document.getElementById(held.parts.at(-1)!);
  const isLost = !document.activeElement || document.activeElement === document.body;
  if (held && part && isLost) focusIn(part, held.selectors, held.parts);
  held = null;
});

function focusIn(part: HTMLElement, selectors: string[], parts: string[]): void {
  const found = selectors.map((selector) => part.querySelector<HTMLElement>(selector)).find(isShown);
  if (found) return focusOn(found);
  const around = parts.map((id) => document.getElementById(id)).find(isShown) ?? part;
  around.tabIndex = -1;
  around.focus({ preventScroll: true });
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
  const attributes = ["data-key", "data-focus", "href", "name", "aria-label", "rel"].flatMap(by);
  // The summary of a menu is seen when the menu has closed.
  const outer = name === "summary" ? element.parentElement!.parentElement : element;
  const summary = outer?.closest("details")?.querySelector(":scope > summary");
  return [...own, ...attributes, ...(summary ? selectorsOf(summary) : [])];
}

function partsAround(element: Element, outermost: Element): string[] {
  const parts: string[] = [];
  for (let part = element.parentElement; part && part !== outermost; part = part.parentElement) {
    if (part.matches("section[id], figure[id]")) parts.push(part.id);
  }
  return [...parts, outermost.id];
}

function isShown(element: HTMLElement | null): element is HTMLElement {
  return element !== null && element.checkVisibility();
}
