// <dialog>s open by [data-dialog="id"] and close by [data-close], Escape, or a click on what lies behind them.
// A dialog that htmx puts into the page with [data-opens] opens at once.
import { onContent, within } from "./htmx.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches("dialog[open]")) event.target.close();
});

onContent((root) => within(root, "dialog[data-opens]:not([open])").forEach((dialog) => dialog.showModal()));
