/*
 * The days of a month as a calendar shows them, and the words for them, by the language of the page.
 */

import { daysLater, monthsLater, pageLocale, written } from "../locale";

const WEEK = 7;
const A_SUNDAY = new Date(Date.UTC(2026, 4, 17));

/** The first day of a day's month. */
export function monthOf(day: Date): Date {
  return monthsLater(day, 0);
}

/** Give the weeks of a month, each of seven days; those of other months are null. */
export function weeksOf(month: Date): (Date | null)[][] {
  const first = weekBegin(month);
  const weeks: (Date | null)[][] = [];
  for (let begin = first; begin < monthsLater(month, 1); begin = daysLater(begin, WEEK)) {
    const days = Array.from({ length: WEEK }, (_, place) => daysLater(begin, place));
    weeks.push(days.map((day) => (day.getUTCMonth() === month.getUTCMonth() ? day : null)));
  }
  return weeks;
}

/** Give the first day of a day's week. */
export function weekBegin(day: Date): Date {
  return daysLater(day, -((day.getUTCDay() - firstWeekday() + WEEK) % WEEK));
}

/** Give the names of the days of the week: short ones to be seen, long ones to be heard. */
export function weekdays(): { short: string; long: string }[] {
  const first = weekBegin(A_SUNDAY);
  return Array.from({ length: WEEK }, (_, place) => ({
    short: written(daysLater(first, place), { weekday: "short" }),
    long: written(daysLater(first, place), { weekday: "long" }),
  }));
}

/** Write a month: "May 2026". */
export function monthName(month: Date): string {
  return written(month, { month: "long", year: "numeric" });
}

/** Write a day in full: "Sunday, 17 May 2026". */
export function dayName(day: Date): string {
  return written(day, { dateStyle: "full" });
}

/** Give the weekday that a week begins with, 0 for Sunday. Browsers that cannot tell begin with Monday. */
function firstWeekday(): number {
  const locale = new Intl.Locale(pageLocale()).maximize() as Intl.Locale & {
    getWeekInfo?(): { firstDay: number };
  };
  return (locale.getWeekInfo?.().firstDay ?? 1) % WEEK;
}
