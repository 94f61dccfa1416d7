/*
 * The script of all pages. They work whole without it; it makes them quicker and puts what HTML has not.
 */

import "./parts/confirming"; // before htmx, which sends forms too
import "./parts/swapping";
import "./parts/returning";
import "./parts/mishaps";
import "./parts/folds";
import "./parts/focus"; // after what makes it visible
import "./parts/announcing";
import "./parts/live";
import "./parts/loading";
import "./parts/dialogs";
import "./parts/keys";
import "./parts/theme";
import "./parts/copying";
import "./parts/zones";
import "./parts/map";
import "./parts/calendar/calendar";
