/*
 * How numbers and days are written: as the server writes them in the page's language.
 */

/** The locale of the page. English is British, with days before months. */
export function pageLocale(): string {
  const language = document.documentElement.lang || "en";
  return language === "en" ? "en-GB" : language;
}

/** Make a day of "2026-05-17" (or "2026-05", its first day). All days are UTC's, so that none moves. */
export function dayOf(label: string): Date {
  const [year, month, day] = label.split("T")[0]!.split("-").map(Number);
  return new Date(Date.UTC(year!, month! - 1, day ?? 1));
}

/** Write a day as addresses do: "2026-05-17". */
export function isoDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** Give the day that many days later. */
export function daysLater(day: Date, days: number): Date {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + days));
}

/** Give the first day of the month that many months later. */
export function monthsLater(day: Date, months: number): Date {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1));
}

/** Write a day or a part of it. */
export function written(day: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(pageLocale(), { timeZone: "UTC", ...options }).format(day);
}
