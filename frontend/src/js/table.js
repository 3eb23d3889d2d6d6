// A list that is wider than its place scrolls sideways inside it; one that fits keeps its head in sight instead.
import { onContent, within } from "./htmx.js";

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const table = target.querySelector("table");
    if (!table) continue;
    const tooWide = table.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("is-wide", tooWide);
    if (tooWide) target.tabIndex = 0; // so that the keyboard can scroll it
    else target.removeAttribute("tabindex");
  }
});

onContent((root) => within(root, ".table-scroll").forEach((box) => watcher.observe(box)));
