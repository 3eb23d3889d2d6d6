// Tells people who listen instead of look what changed: text of [data-say] in an answer, or {"say": "…"} in HX-Trigger.
import { onContent, within } from "./htmx.js";

/** Puts `text` into the polite live region; a repeated text is read again. */
export function say(text) {
  const region = document.getElementById("say");
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 60);
}

let started = false;
onContent((root) => {
  if (started) within(root, "[data-say]").forEach((element) => say(element.textContent.trim()));
  started = true;
});

document.addEventListener("say", (event) => say(event.detail.value ?? event.detail));
