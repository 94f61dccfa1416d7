/*
 * Opening an address from a script: the graph, the map and the calendar ask for it by an event, so that they need
 * not know how pages are swapped.
 */

const OPEN = "footfall:open";

/** Ask for an address to be opened as if a link in that element had been followed. */
export function open(element: Element, address: string): void {
  element.dispatchEvent(new CustomEvent<string>(OPEN, { bubbles: true, detail: address }));
}

/** Do what `open` asks for. */
export function onOpen(act: (address: string) => void): void {
  document.addEventListener(OPEN, (event) => act((event as CustomEvent<string>).detail));
}
