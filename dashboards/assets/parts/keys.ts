/*
 * Keys for all that is clicked often. A key clicks the very element that names it, `data-key="w"`, so that script
 * adds no action of its own; letters are found by their place where the keyboard has no Latin ones. A slash leads to
 * the search, a question mark to the list of keys.
 */

const FIELDS = "input, textarea, select, [contenteditable]";
const MOVED_IN = "details[open], [role=grid], [role=tablist]"; // where arrows move within
const MENUS = "details.menu[open], details.calendar[open]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const element = event.target instanceof Element ? event.target : document.body;
  const key = keyOf(event);
  if (key === "Escape" && closeMenus(true)) return event.preventDefault();
  if (element.closest(FIELDS) || (key.startsWith("Arrow") && element.closest(MOVED_IN))) return;
  if (press(key)) event.preventDefault();
});

// A menu closes by a click or tap beside it, of which some phones tell by no click, and once the focus has left it.
// It is seen before what is clicked can leave the page by that very click.
for (const kind of ["click", "pointerup", "focusin"]) {
  document.addEventListener(kind, (event) => closeMenus(false, event.target as Node), true);
}

function keyOf(event: KeyboardEvent): string {
  const isLetter = /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key);
  const key = isLetter ? event.code.slice(3) : event.key;
  if (key.length > 1) return key;
  return event.shiftKey && /[a-z]/i.test(key) ? "" : key.toLowerCase();
}

/** Do what a key is for, and tell whether it is for anything. */
function press(key: string): boolean {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[open]");
  if (key === "?") return showKeys(dialog);
  const keyed = key === "/" ? "input[type=search]" : `[data-key="${CSS.escape(key)}" i]`;
  const named = key && (dialog ?? document).querySelector<HTMLElement>(keyed);
  if (!named || named.matches(":disabled, [aria-disabled=true]")) return false;
  if (named instanceof HTMLDetailsElement) openMenu(named);
  else if (named.matches(FIELDS)) named.focus();
  else named.click();
  return true;
}

function showKeys(dialog: HTMLDialogElement | null): boolean {
  const keys = document.querySelector<HTMLDialogElement>("dialog#keys");
  if (!keys || (dialog && dialog !== keys)) return false;
  if (dialog) keys.close();
  else keys.showModal();
  return true;
}

function openMenu(menu: HTMLDetailsElement): void {
  // Those that hold it open first, or nothing in it can be focused.
  for (let outer = menu.parentElement?.closest("details"); outer; outer = outer.parentElement?.closest("details")) {
    outer.open = true;
  }
  menu.open = true;
  const first = menu.querySelector('[role="grid"] [tabindex="0"]') ?? menu.querySelector("input:not([type=hidden]), a");
  if (first instanceof HTMLElement) first.focus();
}

/** Close open menus, but not the one that was clicked in, and tell whether there were any. */
function closeMenus(givesFocusBack: boolean, clicked: Node | null = null): boolean {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>(MENUS)].filter((menu) => !menu.contains(clicked));
  for (const menu of menus) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (givesFocusBack && hadFocus) menu.querySelector("summary")?.focus();
  }
  return menus.length > 0;
}
