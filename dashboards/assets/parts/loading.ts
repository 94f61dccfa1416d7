/*
 * Scripts that only some pages need, loaded when what they are for is on the page.
 */

import { onArrival } from "./arrivals";

/** Load the graph's script, which `data-graph-script` of the body names, once there is a graph. */
export function loadOnDemand(): void {
  const address = document.body.dataset["graphScript"];
  if (!address || !document.querySelector("figure.graph .graph-data")) return;
  delete document.body.dataset["graphScript"];
  const script = document.createElement("script");
  script.src = address;
  document.head.append(script);
}

onArrival(loadOnDemand);
