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
 * more than the fact, the same for everybody who says no.
 */

interface Texts {
  counted: string;
  opted_out: string;
  signal: string;
  blocked: string;
  say_no: string;
  say_yes: string;
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
const browserSaysNo = [navigator.globalPrivacyControl, navigator.doNotTrack, window.doNotTrack].some((signal) =>
  /^(true|1|yes)$/.test(String(signal)),
);

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

const offer = (place: Element) => {
  const owner = place.closest<HTMLElement>("[lang]");
  const wanted = owner ? owner.lang.toLowerCase().split("-")[0]! : "";
  const language = says[wanted] ? wanted : "en";
  const texts = says[language]!;

  const state = document.createElement("p");
  const button = document.createElement("button");
  state.setAttribute("role", "status");
  state.lang = button.lang = language;
  button.type = "button";
  place.textContent = "";
  place.append(state, button);

  const tell = () => {
    const out = keepsNothing ? undefined : optedOut();
    state.textContent = browserSaysNo
      ? texts.signal
      : out == undefined
        ? texts.blocked
        : out
          ? texts.opted_out
          : texts.counted;
    button.textContent = out ? texts.say_yes : texts.say_no;
    button.hidden = browserSaysNo || out == undefined;
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
};

for (const place of Array.from(document.querySelectorAll("[data-footfall-opt-out]"))) {
  offer(place);
}

export {};
