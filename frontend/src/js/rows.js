// Walking a list by keyboard: one row of the page's lists is the current one.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const current = () => document.querySelector("[data-row].is-current");

function markCurrent(row) {
  current()?.classList.remove("is-current");
  row.classList.add("is-current");
  const link = row.querySelector("[data-open]");
  if (link) link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Moves the mark `step` rows on; the first call marks the first row. */
export function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  markCurrent(all[next]);
}

/** Opens the current row through its own link; true if there was one. */
export function openCurrent() {
  const link = current()?.querySelector("[data-open]");
  link?.click();
  return Boolean(link);
}

/** The button that a key presses in the current row, or in the first one while there is none; undefined where none does. */
export function offered(key) {
  const row = current() ?? rows()[0];
  return [...(row?.querySelectorAll("[data-key]") ?? [])].find((button) => button.dataset.key === key && !button.disabled);
}

/** Ticks or unticks the current row. */
export function pickCurrent() {
  current()?.querySelector('input[name="chosen"]')?.click();
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  current()?.classList.remove("is-current");
  row.classList.add("is-current");
  // Anywhere in the row opens it, except on what is a control itself or where text is being selected.
  if (event.target.closest("a, button, input, label, select, textarea, summary, .unfolded")) return;
  if (String(getSelection())) return;
  // Beside its box, a finger that meant the box meets the cell.
  if (event.target.closest(".pick")) return row.querySelector('input[name="chosen"]')?.click();
  row.querySelector("[data-open]")?.click();
});
