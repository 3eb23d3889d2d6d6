// Heavy parts come only to pages that hold them.
import { onContent, within } from "./htmx.js";

onContent(async (root) => {
  const figures = within(root, "figure[data-chart]");
  if (!figures.length) return;
  const { draw } = await import("./charts.js");
  figures.forEach(draw);
});

let alpine = null;
onContent((root) => {
  if (!alpine && within(root, "[x-data]").length) alpine = import("./alpine.js");
});
