/*
 * Footfall's tracker: tells the collector that a page was shown and what was done there, and nothing about who
 * did it.
 *
 * It writes nothing into the browser and reads nothing that tells one visitor from another: only the page's
 * address, the address that led to it, what the site's own code passes to `footfall(...)`, and whether the
 * visitor said no.
 *
 *   <script defer src="https://stats.example/js/script.js" data-domain="example.com"></script>
 *
 * The attributes of that element, the events and their shapes are in docs/tracker.md.
 *
 * The site's own events:
 *   footfall("Signup", { props: { plan: "pro" } })
 * and, so that this works before the script has come:
 *   <script>window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments) }</script>
 *
 * Every byte here is paid by every visitor, and there are a thousand of them. So what a browser does by itself is
 * not done again (undefined fields vanish in JSON.stringify, a string body is text/plain, which needs no CORS
 * preflight), what the collector does is not done here, and one listener hears everything.
 */

/** What may go with an event of the site's own. */
interface Options {
  /** Values to report with the event, or the JSON text of them. */
  props?: Record<string, string | number | boolean | null | undefined> | string;
  /** False for an event that happens without the visitor's doing, and must not end a bounce. */
  interactive?: boolean;
  /** Called once the event is on its way, or was held back: a link may then be followed. */
  callback?: () => void;
}

/** What an engagement event says of the page that is being left or hidden. */
interface Engagement {
  /** The greatest scroll depth so far, in percent of the page's height. */
  sd: number;
  /** For how long the page was in view since this was told last, in milliseconds. */
  e: number;
}

/** An event's name, and what goes with it; one without a name is none. */
type Call = [name?: string | undefined | false | null, options?: Options & Partial<Engagement>];

type Footfall = ((...call: Call) => void) & {
  /** The calls made before the script came, kept by the site's stub. */
  q?: Call[];
  /** Set by this script: a second copy on the page, or a framework that runs it again, stands back. */
  on?: boolean;
};

/** What is read of an event of the browser's; a navigation by the page's own scripts has none of it. */
interface Heard {
  type?: string;
  target?: HTMLElement;
  button?: number;
}

declare global {
  interface Window {
    footfall?: Footfall;
    doNotTrack?: string | null;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}

// Only while the script runs for the first time does the browser know which element it came from.
const { dataset: setting, src } = document.currentScript as HTMLScriptElement;

// Undefined rather than false, so that it is not sent.
const hashMode = "hash" in setting || undefined;

/** Path patterns as one expression. Of an attribute that is not there it is ^(undefined)$, and no path is that. */
const expression = (patterns: string | undefined) =>
  "^(" +
  (patterns + "")
    .replace(/[, ]+/g, "|")
    .replace(/[^\w|*]/g, "\\$&")
    .replace(/\*\*/g, ".{0,}")
    .replace(/\*/g, "[^/]*") +
  ")$";

const { q: waiting = [], on }: Partial<Footfall> = window.footfall || {};

// The referrer goes with the first event only: what follows on the same page load came from this very site,
// and an arrival told twice would be counted twice.
let referrer = document.referrer;

// The page that is being looked at: its path (in hash mode with the hash), by which two views are two, and its
// whole address, or false if it is excluded. There is none before the first view.
let shown: string | undefined;
let address: string | false;

// Its time in view and greatest depth, in milliseconds and pixels, and the percentage that was told last.
// The first view sets them; comparisons with what is not set yet are false.
let seen: number;
let depth: number;
let told: number;

let hidden = true;
let since: number;

/** Sends one event now, unless the page is excluded or the visitor refuses; before the first view it waits. */
const footfall: Footfall = (name, options = {}) => {
  let optOut: unknown;
  try {
    optOut = localStorage["footfall-opt-out"];
  } catch {
    // Storage is blocked, so no opt-out is in it.
  }
  // An expression reads a list as its texts with commas between. "1", "yes" and true say no here; "0", "no",
  // "unspecified", "null" and false have none of the three letters.
  shown
    ? (name &&
        address &&
        !/[1ty]/.test([
          optOut,
          navigator.globalPrivacyControl,
          navigator.doNotTrack,
          window.doNotTrack,
        ] as unknown as string) &&
        // It outlives the page. Who has switched it off in the browser is not counted.
        (navigator.sendBeacon &&
          navigator.sendBeacon(
            setting["api"] || new URL("/api/event", src),
            JSON.stringify({ n: name, u: address, d: setting["domain"], r: referrer, h: hashMode, ...options }),
          ),
        (referrer = "")),
      options.callback && options.callback())
    : waiting.push([name, options]);
};

/** Hears what happens to the page, and looks what has become of it. */
const notice = ({ type, target, button }: Heard) => {
  const now = performance.now();
  const left = type == "pagehide";
  const submitted = type == "submit";
  const path = location.pathname + (hashMode ? location.hash : "");
  // A page that bounces at its end is scrolled further than it is high.
  const percent = Math.min(
    100,
    (((depth = Math.max(depth, scrollY + innerHeight)) / document.documentElement.scrollHeight) * 100 + 0.5) | 0,
  );
  // What was clicked: the nearest link or tagged element. A form is submitted, not clicked.
  const element = (
    submitted ? target : button! < 2 && target!.closest("a,[data-event]:not(form)")
  ) as HTMLAnchorElement | null;
  // Without the query, the fragment, and the user's name that may be in it; a link to mail has no host.
  const url = element && element.host && element.origin + element.pathname;
  let moved: boolean | undefined;

  hidden || (seen += now - since);
  since = now;
  hidden = left || document.hidden;

  // A page that nobody sees yet, prerendered or in a tab behind, is no view before it is seen.
  if ((hidden || (moved = path != shown)) && setting["engagement"] != "off" && (percent > told || seen >= 3000)) {
    footfall("engagement", { sd: (told = percent), e: seen | 0 });
    seen = 0;
  }
  if (moved) {
    address = !(shown = path).match(expression(setting["exclude"])) && location.href.split(hashMode ? " " : "#")[0]!;
    seen = depth = told = 0;
    footfall("pageview");
    waiting.splice(0).map((call) => footfall(...call));
  }
  // "Back" may bring the page from memory as it was, scripts and all: that is a view like any other, so that
  // from now on no path is the one that was shown.
  if (left) {
    shown = " ";
  }
  if (element) {
    footfall(
      element.dataset["event"] ||
        (submitted
          ? "forms" in setting && "Form: Submission"
          : url &&
            ("outbound" in setting && element.host != location.host
              ? "Outbound Link: Click"
              : element.pathname.match(expression(setting["downloads"])) && "File Download")),
      { props: element.dataset["props"] || { url } },
    );
  }
};

if (!on) {
  window.footfall = footfall;
  footfall.on = true;

  // Frameworks navigate through these two, and browsers tell nobody when they do.
  (["pushState", "replaceState"] as const).map((method) => {
    const original = history[method];
    history[method] = (...parameters) => {
      original.apply(history, parameters);
      notice({});
    };
  });
  ["popstate", "scroll", "pagehide", "visibilitychange", "click", "auxclick", "submit"].map((type) =>
    // Captured, so that nothing on the page can keep it from being heard.
    addEventListener(type, notice as (event: unknown) => void, true),
  );
  // An event of the page itself, such as 404.
  footfall(setting["event"]);
  notice({});
}

export {};
