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

onContent(async (root) => {
  const forms = within(root, "form[data-passkey]");
  if (!forms.length) return;
  const { passkey } = await import("./passkey.js");
  forms.forEach(passkey);
});

onContent(async (root) => {
  const forms = within(root, "form[data-writing]");
  if (!forms.length) return;
  const { writing } = await import("./writing.js");
  forms.forEach(writing);
});
