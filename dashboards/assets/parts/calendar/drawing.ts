/*
 * The grid of a month. It is kept and only its cells change while the month stays, so that the focus does.
 */

import { isoDay, monthsLater } from "../locale";
import { dayName, monthName, monthOf, weekdays, weeksOf } from "./month";

export interface Shown {
  month: Date;
  /** The day that keys begin at. */
  focused: Date;
  /** The range that is marked. */
  first: Date;
  last: Date;
  /** The day that was chosen first, while the second is awaited. */
  begun: Date | null;
  today: Date;
  earliest: Date;
}

/** Draw a month into a box. */
export function drawCalendar(box: HTMLElement, shown: Shown): void {
  const month = isoDay(shown.month);
  if (box.dataset["month"] !== month) {
    box.dataset["month"] = month;
    box.replaceChildren(heading(shown), grid(shown.month));
  }
  for (const cell of box.querySelectorAll<HTMLElement>("[data-day]")) mark(cell, shown);
}

function heading(shown: Shown): Element {
  const title = made("p", { class: "calendar-month", "aria-live": "polite" }, monthName(shown.month));
  return made("div", { class: "calendar-heading" }, step(shown, -1), title, step(shown, 1));
}

/** A button to another month, named by that month, for there is no better name in every language. */
function step(shown: Shown, months: number): Element {
  const month = monthsLater(shown.month, months);
  const isOut = months < 0 ? month < monthOf(shown.earliest) : month > shown.today;
  const name = { "data-months": `${months}`, "aria-label": monthName(month) };
  const attributes = { type: "button", class: "calendar-step", "aria-disabled": `${isOut}`, ...name };
  return made("button", attributes, months < 0 ? "‹" : "›");
}

function grid(month: Date): Element {
  const heads = weekdays().map(({ short, long }) => made("th", { scope: "col", abbr: long }, short));
  const weeks = weeksOf(month).map((days) => made("tr", {}, ...days.map(cell)));
  const head = made("thead", {}, made("tr", {}, ...heads));
  return made("table", { role: "grid", "aria-label": monthName(month) }, head, made("tbody", {}, ...weeks));
}

function cell(day: Date | null): Element {
  if (!day) return made("td", {});
  const attributes = { role: "gridcell", "data-day": isoDay(day), "aria-label": dayName(day) };
  return made("td", attributes, `${day.getUTCDate()}`);
}

function mark(cell: HTMLElement, { first, last, today, earliest, focused }: Shown): void {
  const day = cell.dataset["day"]!;
  const isOut = day > isoDay(today) || day < isoDay(earliest);
  const isMarked = day >= isoDay(first) && day <= isoDay(last);
  cell.tabIndex = day === isoDay(focused) ? 0 : -1;
  cell.ariaSelected = `${isMarked}`;
  cell.ariaDisabled = `${isOut}`;
  cell.ariaCurrent = day === isoDay(today) ? "date" : null;
  cell.classList.toggle("is-first", day === isoDay(first));
  cell.classList.toggle("is-last", day === isoDay(last));
}

function made(name: string, attributes: Record<string, string>, ...content: (Element | string)[]): Element {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...content);
  return element;
}
