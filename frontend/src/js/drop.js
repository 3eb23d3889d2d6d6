// A place where a file may be dropped: [data-drop] around a file input. Without it, the input takes files as it always does.
import { onContent, within } from "./htmx.js";

function listen(zone) {
  const input = zone.querySelector('input[type="file"]');
  const mark = (over) => zone.classList.toggle("is-over", over);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) mark(false);
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}

onContent((root) => within(root, "[data-drop]").forEach(listen));
