/*
 * The opt-out for a site's own pages: shows whether visits from this browser are counted there, and one
 * click changes it.
 *
 *   <div data-footfall-opt-out></div>
 *   <script defer src="https://stats.example/privacy/opt-out.js"></script>
 *
 * What stands in the element is for browsers without scripts, and is replaced. The texts are in the language
 * of the page (`lang`), and their look is the page's own: nothing here is styled.
 *
 * Storage of the site's own origin is written by that click alone, and cleared by the next one. It holds no
 * more than the fact, the same for everybody who says no. A no on the collector's page is a cookie of its host,
 * which nothing here can see: the collector is asked whether the browser sends it along.
 */

interface Texts {
  counted: string;
  opted_out: string;
  signal: string;
  blocked: string;
  say_no: string;
  say_yes: string;
  opted_out_of_all: string;
  change: string;
}

/** What the collector sees of this browser. */
interface Seen {
  opted_out: boolean;
  signal: boolean;
}

/** Put in by the collector, which has one file for each language. */
declare const FOOTFALL_TEXTS: Record<string, Texts>;

const FLAG = "footfall-opt-out";

/** The flag, and what the trackers of Umami and Plausible go by: they may send to Footfall, too. */
const FLAGS = [
  [FLAG, "1"],
  ["umami.disabled", "1"],
  ["plausible_ignore", "true"],
] as const;

const says = FOOTFALL_TEXTS;

/** Whether the browser says no by itself; the tracker then sends nothing, and the collector counts nothing. */
let browserSaysNo = [navigator.globalPrivacyControl, navigator.doNotTrack, window.doNotTrack].some((signal) =>
  /^(true|1|yes)$/.test(String(signal)),
);

/** Whether the collector gets its own cookie from here, and so counts nothing on any site. */
let optedOutOfAll = false;

/** Set once the browser has refused to keep the choice. */
let keepsNothing = false;

/** Whether this browser's visitor has said no here; undefined if the browser keeps nothing for this site. */
const optedOut = (): boolean | undefined => {
  try {
    return localStorage.getItem(FLAG) == "1";
  } catch {
    return undefined;
  }
};

const change = (out: boolean) => {
  for (const [name, value] of FLAGS) {
    out ? localStorage.setItem(name, value) : localStorage.removeItem(name);
  }
};

/** Where this script came from; "" if a page put it into a file of its own. */
const { src } = (document.currentScript as HTMLScriptElement | null) || { src: "" };

/** Give the address of what lies beside this script on the collector. Throws if that is not known. */
const besideScript = (name: string) => new URL(name, src).href;

/** Ask the collector what it sees; one that cannot be asked from here gets no cookie that could be known of. */
const ask = async () => {
  try {
    const answer = await fetch(besideScript("opt-out.json"), { credentials: "include" });
    if (answer.ok) {
      const seen: Seen = await answer.json();
      optedOutOfAll = seen.opted_out;
      browserSaysNo = browserSaysNo || seen.signal;
    }
  } catch {
    // Blocked, or no page of a site that is counted there.
  }
};

/** Make the state and the button in the place of what stands there; give what shows them as they are now. */
const offer = (place: Element) => {
  const owner = place.closest<HTMLElement>("[lang]");
  const wanted = owner ? owner.lang.toLowerCase().split("-")[0]! : "";
  const language = says[wanted] ? wanted : "en";
  const texts = says[language]!;

  const state = document.createElement("p");
  const button = document.createElement("button");
  const link = document.createElement("a");
  state.setAttribute("role", "status");
  state.lang = button.lang = link.lang = language;
  button.type = "button";
  link.textContent = texts.change;
  place.textContent = "";
  place.append(state, button, link);

  const tell = () => {
    const out = keepsNothing ? undefined : optedOut();
    const onlyThere = !browserSaysNo && !out && optedOutOfAll;
    state.textContent = browserSaysNo
      ? texts.signal
      : onlyThere
        ? texts.opted_out_of_all
        : out == undefined
          ? texts.blocked
          : out
            ? texts.opted_out
            : texts.counted;
    button.textContent = out ? texts.say_yes : texts.say_no;
    button.hidden = browserSaysNo || onlyThere || out == undefined;
    link.hidden = !onlyThere;
    if (onlyThere) {
      link.href = besideScript("opt-out"); // only the collector's own page may take its no back
    }
  };
  button.addEventListener("click", () => {
    try {
      change(!optedOut());
    } catch {
      keepsNothing = true;
    }
    tell();
  });
  addEventListener("storage", tell); // changed in another tab
  tell();
  return tell;
};

const start = async () => {
  await ask();
  const places = Array.from(document.querySelectorAll("[data-footfall-opt-out]")).map(offer);
  addEventListener("visibilitychange", async () => {
    await ask(); // changed on the collector's page
    for (const tell of places) {
      tell();
    }
  });
};

start();

export {};
