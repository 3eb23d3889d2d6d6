// The side panel: htmx fills #panel, this opens it, moves the focus in, and gives it back when it closes.
const panel = () => document.getElementById("panel");
let opener = null;

/** True while the panel shows something. */
export const panelIsOpen = () => Boolean(panel() && !panel().hidden);

/** Empties and hides the panel; the focus returns to where it came from. */
export function closePanel() {
  if (!panelIsOpen()) return;
  panel().hidden = true;
  panel().replaceChildren();
  document.querySelector("[data-row].is-open")?.classList.remove("is-open");
  if (opener?.isConnected) opener.focus();
  opener = null;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "panel") return;
  const source = event.detail.elt;
  if (panel().contains(source)) return;
  opener = source;
  document.querySelector("[data-row].is-open")?.classList.remove("is-open");
  source.closest("[data-row]")?.classList.add("is-open");
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "panel") return;
  const box = panel();
  box.hidden = !box.firstElementChild;
  const wanted = box.querySelector("[autofocus]:not(dialog *)") ?? box.querySelector("[data-panel-title]");
  wanted?.focus({ preventScroll: true });
  box.scrollTop = 0;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-panel]")) closePanel();
});
