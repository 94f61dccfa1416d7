/*
 * htmx under our rules: no code made of text, no style of its own, and nothing kept in the browser.
 */

import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  selfRequestsOnly: true,
});
