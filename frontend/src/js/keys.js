// The keyboard of the house. Keys work on the page, never while someone types.
import { closeMenus } from "./menu.js";
import { closePanel, panelIsOpen } from "./panel.js";
import { offered, openCurrent, pickCurrent, walk } from "./rows.js";
import { unpickAll } from "./pick.js";

const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");

const keys = {
  "/": () => {
    const field = document.querySelector("[data-search]");
    field?.focus();
    field?.select();
  },
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
  x: () => pickCurrent(),
  c: () => {
    document.querySelector("[data-create] > summary")?.click();
    document.querySelector("[data-create][open] .menu-list a")?.focus();
  },
};

/** Presses a button; one that htmx has just put there, as soon as it has bound it. */
function press(button) {
  if (!button.closest(".htmx-added")) return button.click();
  document.addEventListener("htmx:afterSettle", () => button.click(), { once: true });
}

function escape() {
  if (document.querySelector("dialog[open]")) return;
  if (closeMenus()) return;
  if (panelIsOpen()) closePanel();
  else unpickAll();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (event.target.matches?.("[data-search]")) event.target.blur();
    escape();
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter") {
    if (event.target === document.body && openCurrent()) event.preventDefault();
    return;
  }
  const button = offered(event.key);
  const action = button ? () => press(button) : keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
