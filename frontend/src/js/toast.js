// Short messages in the corner: from the server's answer ({"toast": {"text", "kind"}} in HX-Trigger), from Django's
// messages, from refused requests. They leave by themselves, except those that stay and those a person points at.
import { onContent, within } from "./htmx.js";

const LIFETIME = 7000;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  if ("stays" in toast.dataset) return;
  let timer = setTimeout(() => toast.remove(), LIFETIME);
  const pause = () => clearTimeout(timer);
  const resume = () => (timer = setTimeout(() => toast.remove(), LIFETIME));
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", resume);
}

/** Shows `text` as a toast of `kind` (good, bad, info); bad ones stay until they are closed. */
export function toast(text, kind = "info") {
  const region = document.getElementById("toasts");
  const mould = document.getElementById("toast-mould");
  if (!region || !mould || !text) return;
  const piece = mould.content.firstElementChild.cloneNode(true);
  piece.classList.add(`toast-note-${kind}`);
  piece.querySelector("[data-text]").textContent = text;
  if (kind === "bad") piece.dataset.stays = "";
  region.append(piece);
  watch(piece);
}

onContent((root) => within(root, "[data-toast]").forEach(watch));

document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const isText = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const region = document.getElementById("toasts");
  const text = isText && xhr.responseText.length < 400 ? xhr.responseText : region?.dataset.refused;
  const number = xhr.getResponseHeader("X-Request-Id");
  toast(number ? `${text} (${number})` : text, "bad");
});

document.addEventListener("htmx:sendError", () => {
  toast(document.getElementById("toasts")?.dataset.offline, "bad");
});
