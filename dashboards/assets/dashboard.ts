/*
 * The script of all pages. They work whole without it; it makes them quicker and puts what HTML has not.
 */

import "./parts/swapping";
