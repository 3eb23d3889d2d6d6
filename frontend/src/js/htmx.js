// htmx under a strict Content-Security-Policy: nothing is evaluated, no style is injected, no page is cached in
// the browser's storage, and every request carries the CSRF token of the page.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  // What arrives is bound at once: within a delay a quick hand would press what still does nothing, or lose the focus.
  defaultSettleDelay: 0,
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  // 422 is a form that came back with errors: swap it. Other refusals become a toast (toast.js).
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A quiet line at the top of the page while an answer is awaited; polling shows its own progress.
let pending = 0;
const awaits = (event) => !event.detail.elt?.closest?.("[data-progress]");
const show = () => document.documentElement.classList.toggle("is-waiting", pending > 0);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (awaits(event)) pending += 1;
  show();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (awaits(event)) pending = Math.max(0, pending - 1);
  show();
});

/** Calls `visit(root)` for the page once it is there, and for every piece that htmx puts into it. */
export const onContent = (visit) => htmx.onLoad(visit);

/** The elements below `root` that match, `root` itself included. */
export const within = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

export default htmx;
