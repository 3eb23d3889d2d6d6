// Forms: the error summary takes the focus, a second press on the same button is not a second request, a form that
// says [data-sends-itself] submits when something in it changes.
import { onContent, within } from "./htmx.js";

onContent((root) => within(root, "[data-errors]")[0]?.focus());

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// The same for what htmx sends: it would keep the second press and send it after the first.
document.addEventListener("htmx:confirm", (event) => {
  const { verb, triggeringEvent } = event.detail;
  const isPress = ["submit", "click"].includes(triggeringEvent?.type);
  if (verb !== "get" && isPress && event.target.matches(".htmx-request")) event.preventDefault();
});

// Coming back by the browser's button must not find a dead form.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (form) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
