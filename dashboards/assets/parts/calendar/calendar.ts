/*
 * A calendar for choosing a range of days, above the two date fields of a form, which do the same without it: the
 * first day that is chosen begins the range, the second ends it and sends the form.
 *
 * The server puts `<div id="calendar-grid" data-first data-last data-today data-earliest>` into that form, all of
 * them days like "2026-05-17"; the fields are named `from` and `to`.
 */

import { onArrival } from "../arrivals";
import { dayOf, daysLater, isoDay, monthsLater } from "../locale";
import { drawCalendar, type Shown } from "./drawing";
import { monthOf, weekBegin } from "./month";

const WEEK = 7;

class Calendar {
  readonly #box: HTMLElement;
  readonly #form: HTMLFormElement;
  #shown: Shown;

  constructor(box: HTMLElement) {
    const today = dayOf(box.dataset["today"]!);
    const last = dayOf(box.dataset["last"] || isoDay(today));
    this.#box = box;
    this.#form = box.closest("form")!;
    this.#shown = {
      month: monthOf(last),
      focused: last,
      first: dayOf(box.dataset["first"] || isoDay(last)),
      last,
      begun: null,
      today,
      earliest: dayOf(box.dataset["earliest"] || "1970-01-01"),
    };
    box.addEventListener("keydown", (event) => this.#press(event));
    box.addEventListener("click", (event) => this.#click(event.target as Element));
    box.addEventListener("pointerover", (event) => this.#preview(event.target as Element));
    this.#draw();
  }

  #draw(): void {
    drawCalendar(this.#box, this.#shown);
  }

  #click(clicked: Element): void {
    const step = clicked.closest<HTMLElement>("[data-months]");
    const day = clicked.closest<HTMLElement>("[data-day]");
    if (step && step.ariaDisabled !== "true") {
      this.#show(monthsLater(this.#shown.month, Number(step.dataset["months"])));
      this.#box.querySelector<HTMLElement>(`[data-months="${step.dataset["months"]}"]`)?.focus();
    } else if (day) this.#choose(dayOf(day.dataset["day"]!));
  }

  /** Show a month, and let keys begin in it. */
  #show(month: Date): void {
    const latest = daysLater(monthsLater(month, 1), -1);
    const { focused } = this.#shown;
    this.#shown = { ...this.#shown, month, focused: this.#within(focused < month ? month : earlier(focused, latest)) };
    this.#draw();
  }

  #press(event: KeyboardEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>("[data-day]");
    if (!cell) return;
    const day = dayOf(cell.dataset["day"]!);
    const to = destination(event, day);
    if (to) this.#focus(this.#within(to));
    else if (event.key === "Enter" || event.key === " ") this.#choose(day);
    else return;
    event.preventDefault();
  }

  #focus(day: Date): void {
    this.#shown = { ...this.#shown, focused: day, month: monthOf(day) };
    if (this.#shown.begun) this.#span(this.#shown.begun, day);
    this.#draw();
    this.#box.querySelector<HTMLElement>(`[data-day="${isoDay(day)}"]`)?.focus();
  }

  #choose(day: Date): void {
    if (day > this.#shown.today || day < this.#shown.earliest) return;
    const { begun } = this.#shown;
    this.#span(begun ?? day, day);
    this.#shown = { ...this.#shown, begun: begun ? null : day };
    this.#field("from", this.#shown.first);
    this.#field("to", this.#shown.last);
    if (begun) return this.#form.requestSubmit();
    this.#focus(day);
  }

  /** While the range has only begun, show how far it would go. */
  #preview(over: Element): void {
    const cell = over.closest<HTMLElement>("[data-day]");
    const { begun, today, earliest } = this.#shown;
    if (!cell || !begun) return;
    const day = dayOf(cell.dataset["day"]!);
    if (day > today || day < earliest) return;
    this.#span(begun, day);
    this.#draw();
  }

  #span(one: Date, other: Date): void {
    const [first, last] = one <= other ? [one, other] : [other, one];
    this.#shown = { ...this.#shown, first, last };
  }

  #field(name: string, day: Date): void {
    const field = this.#form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = isoDay(day);
  }

  #within(day: Date): Date {
    const { earliest, today } = this.#shown;
    return day < earliest ? earliest : earlier(day, today);
  }
}

/** Give the day that a key leads to from another, or null if it is no such key. */
function destination(event: KeyboardEvent, day: Date): Date | null {
  const months = event.shiftKey ? 12 : 1;
  switch (event.key) {
    case "ArrowLeft":
      return daysLater(day, -1);
    case "ArrowRight":
      return daysLater(day, 1);
    case "ArrowUp":
      return daysLater(day, -WEEK);
    case "ArrowDown":
      return daysLater(day, WEEK);
    case "Home":
      return weekBegin(day);
    case "End":
      return daysLater(weekBegin(day), WEEK - 1);
    case "PageUp":
      return sameDay(day, -months);
    case "PageDown":
      return sameDay(day, months);
    default:
      return null;
  }
}

/** Give the same day of another month, or its last one if it is shorter. */
function sameDay(day: Date, months: number): Date {
  const latest = daysLater(monthsLater(day, months + 1), -1);
  return earlier(daysLater(monthsLater(day, months), day.getUTCDate() - 1), latest);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

onArrival(() => {
  for (const box of document.querySelectorAll<HTMLElement>("#calendar-grid:not(.is-drawn)")) {
    box.classList.add("is-drawn");
    new Calendar(box);
  }
});
