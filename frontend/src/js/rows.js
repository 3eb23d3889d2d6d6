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

/** The rows that can be walked to. */
export const rowsShown = rows;

/** Makes a row the current one and opens it; `again: false` where it stands open already. */
export function openRow(row, { again = true } = {}) {
  markCurrent(row);
  document.querySelector("[data-row].is-open")?.classList.remove("is-open");
  row.classList.add("is-open");
  if (again) openCurrent();
}

/** Opens the current row through its own link; true if there was one. */
export function openCurrent() {
  const link = current()?.querySelector("[data-open]");
  link?.click();
  return Boolean(link);
}

const piece = (id) => document.getElementById(id);

/** The button or link that a key presses: in the open panel; in the current row, the first one, or a page without rows; in a toast. */
export function offered(key) {
  const places = [piece("panel"), current() ?? rows()[0] ?? piece("content"), piece("toasts")];
  const found = places.flatMap((place) => [...(place?.querySelectorAll("[data-key]") ?? [])]);
  return found.find((button) => button.dataset.key === key && !button.disabled);
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
