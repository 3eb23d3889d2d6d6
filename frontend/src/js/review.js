// Working through a list: what is decided leaves it, and the next row opens by itself; what is undone comes back.
// The server says so by HX-Trigger: {"decided": {"entry": 7, "open": false}}, {"reopened": {"entry": 7}}.
import { closePanel } from "./panel.js";
import { openRow, rowsShown } from "./rows.js";

const rowOf = (entry) => document.querySelector(`[data-row][data-id="${entry}"]`);

function following(row) {
  const all = rowsShown();
  return all[all.indexOf(row) + 1];
}

function leave(row) {
  const next = following(row);
  row.hidden = true;
  if (next) return openRow(next);
  closePanel();
  const end = document.querySelector("[data-all-decided]");
  if (!end || rowsShown().length) return;
  end.hidden = false;
  end.querySelector("a")?.focus();
}

document.addEventListener("decided", ({ detail: { entry, open } }) => {
  document.querySelectorAll("#toasts [data-toast]:not(.toast-note-bad)").forEach((toast) => toast.remove());
  document.querySelector("dialog[open]")?.close();
  const row = rowOf(entry);
  if (!row) closePanel();
  else if (open) openRow(row);
  else leave(row);
});

document.addEventListener("reopened", ({ detail: { entry } }) => {
  // The toast asked: it has to stand until its answer is put in place.
  setTimeout(() => document.querySelectorAll("#toasts [data-toast]").forEach((toast) => toast.remove()));
  const end = document.querySelector("[data-all-decided]");
  if (end) end.hidden = true;
  const row = rowOf(entry);
  if (!row) return;
  row.hidden = false;
  openRow(row, { again: false });
});
