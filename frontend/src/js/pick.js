// Choosing rows: the bar at the foot shows how many and their sum per currency. Minor units come from the server
// as integers, so sums are exact up to 2^53 minor units.
import { onContent, within } from "./htmx.js";
import { money } from "./money.js";

const boxes = () => [...document.querySelectorAll('input[type="checkbox"][name="chosen"]')];
const bar = () => document.querySelector("[data-bulk]");
let last = null;

function sums(chosen) {
  const perCurrency = new Map();
  for (const { dataset } of chosen) {
    if (!dataset.currency) continue;
    perCurrency.set(dataset.currency, (perCurrency.get(dataset.currency) ?? 0) + Number(dataset.minor));
  }
  return [...perCurrency].sort().map(([currency, minor]) => money(minor, currency)).join(" · ");
}

function refresh() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  all.forEach((box) => box.closest("tr")?.classList.toggle("is-chosen", box.checked));
  const head = document.querySelector("[data-pick-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const box = bar();
  if (!box) return;
  box.hidden = chosen.length === 0;
  box.querySelector("[data-count]").textContent = chosen.length.toLocaleString(document.documentElement.lang);
  box.querySelector("[data-sum]").textContent = sums(chosen);
}

/** Unticks everything; true if something was ticked. */
export function unpickAll() {
  const chosen = boxes().filter((box) => box.checked);
  chosen.forEach((box) => (box.checked = false));
  refresh();
  return chosen.length > 0;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) {
    boxes().forEach((box) => (box.checked = event.target.checked));
    refresh();
  } else if (event.target.matches('input[name="chosen"]')) refresh();
});

// Shift and click takes the whole stretch since the last click.
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-unpick]")) unpickAll();
  if (!event.target.matches('input[name="chosen"]')) return;
  const all = boxes();
  const here = all.indexOf(event.target);
  if (event.shiftKey && last !== null && all[last]) {
    const [from, to] = [Math.min(last, here), Math.max(last, here)];
    all.slice(from, to + 1).forEach((box) => (box.checked = event.target.checked));
    refresh();
  }
  last = here;
});

onContent((root) => {
  if (within(root, 'input[name="chosen"], [data-bulk]').length) refresh();
});
