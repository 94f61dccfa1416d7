/*
 * Footfall's tracker: tells the collector that a page was shown, and nothing about who saw it.
 *
 * It keeps nothing in the browser and reads nothing that tells one visitor from another: only the page's
 * address, the address that led to it, and what the site's own code passes to `footfall(...)`.
 *
 *   <script defer src="https://stats.example/js/script.js" data-domain="example.com"></script>
 *
 * Attributes of that element, all optional:
 *   data-domain   the site, or several with commas between; otherwise the page's host name
 *   data-api      where events go; otherwise /api/event at the origin of the script
 *   data-exclude  pages that send nothing: path patterns with commas between, written as the address bar's
 *                 encoded form, `*` for any run inside a segment and `**` for any run at all
 *   data-hash     the part of the address after # names the page, too
 *
 * The site's own events:
 *   footfall("Signup", { props: { plan: "pro" } })
 * and, so that this works before the script has come:
 *   <script>window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments) }</script>
 *
 * Every byte here is paid by every visitor, so what a browser does by itself is not done again: undefined
 * fields vanish in JSON.stringify, and a string body is text/plain, which needs no CORS preflight.
 */

/** What may go with an event of the site's own. */
interface Options {
  /** Values to report with the event. */
  props?: Record<string, string | number | boolean>;
  /** False for an event that happens without the visitor's doing, and must not end a bounce. */
  interactive?: boolean;
  /** Called once the event is on its way, or was held back: a link may then be followed. */
  callback?: () => void;
}

type Footfall = ((name: string, options?: Options) => void) & {
  /** The calls made before the script came, kept by the site's stub. */
  q?: ArrayLike<unknown>[];
  /** Set by this script: a second copy on the page, or a framework that runs it again, stands back. */
  loaded?: boolean;
};

declare global {
  interface Window {
    footfall?: Footfall;
    doNotTrack?: string | null;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
    msDoNotTrack?: string | null;
  }
  interface Document {
    prerendering?: boolean;
  }
}

// Only while the script runs for the first time does the browser know which element it came from.
const script = document.currentScript as HTMLScriptElement;
const { domain, api, exclude, hash } = script.dataset;
const hashMode = hash != null;
const endpoint = api || new URL(script.src).origin + "/api/event";

/** data-exclude as one expression; an empty one matches no path, as each has a slash at least. */
const excluded = new RegExp(
  "^(" +
    (exclude || "").replace(/\*\*|\W/g, (found) =>
      found == "**" ? ".*" : found == "*" ? "[^/]*" : found == "," ? "|" : found.trim() && "\\" + found,
    ) +
    ")$",
);

/** What makes two views two: the path, and in hash mode the hash. */
const here = () => location.pathname + (hashMode ? location.hash : "");

/** Whether this visitor, or the site's owner for this page, wants nothing sent: the one place that says so. */
const refused = () =>
  excluded.test(here()) ||
  [navigator.globalPrivacyControl, navigator.doNotTrack, window.doNotTrack, navigator.msDoNotTrack].some((signal) =>
    /^(true|1|yes)$/.test(signal as string),
  );

// The referrer goes with the first event only: what follows on the same page load came from this very site,
// and an arrival told twice would be counted twice. From then on it is null.
let referrer: string | null = document.referrer || null;
let shown: string | undefined;

/** Sends one event now, unless it is refused. */
const send = (name: string, { props, interactive, callback }: Options = {}) => {
  if (!refused()) {
    const body = JSON.stringify({
      n: name,
      u: hashMode ? location.href : location.href.split("#")[0],
      d: domain || location.hostname,
      r: referrer,
      p: props,
      i: interactive,
      h: hashMode ? 1 : undefined,
    });
    referrer = null;
    // Both outlive the page. sendBeacon refuses when the browser's queue is full, and some browsers lack it.
    if (!(navigator.sendBeacon && navigator.sendBeacon(endpoint, body))) {
      fetch(endpoint, { method: "POST", body, keepalive: true, mode: "no-cors", credentials: "include" }).catch(() => {});
    }
  }
  callback && callback();
};

/** A page fetched ahead of a click is no visit: waits until it is shown, which may be never. */
const whenShown = (action: () => void) =>
  document.prerendering ? document.addEventListener("prerenderingchange", action, { once: true }) : action();

/** Counts a view if the page is another one than before. */
const view = () =>
  whenShown(() => {
    const page = here();
    if (page != shown) {
      shown = page;
      send("pageview");
    }
  });

const footfall: Footfall = (name, options) => whenShown(() => send(name, options));

const before: Partial<Footfall> = window.footfall || {};
if (!before.loaded) {
  window.footfall = footfall;
  footfall.loaded = true;

  // Frameworks navigate through these two, and browsers tell nobody when they do.
  for (const method of ["pushState", "replaceState"] as const) {
    const original = history[method];
    history[method] = function (...parameters) {
      original.apply(this, parameters);
      view();
    };
  }
  addEventListener("popstate", view);
  addEventListener("hashchange", view);

  // "Back" may bring the page from memory as it was, scripts and all: that is a view like any other.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      shown = undefined;
      view();
    }
  });

  view();
  for (const parameters of before.q || []) {
    footfall(...(Array.from(parameters) as Parameters<Footfall>));
  }
}

export {};
