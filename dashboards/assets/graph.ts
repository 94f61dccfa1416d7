/*! With uPlot, copyright (c) 2022 Leon Sorokin, under the MIT License: /static/licenses.txt */
/*
 * The graph of a site's page, loaded only where there is one (see parts/loading.ts).
 */

import { onArrival } from "./parts/arrivals";
import { showGraphs } from "./parts/graph/showing";

onArrival(showGraphs);
