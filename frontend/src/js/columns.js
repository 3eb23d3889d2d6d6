// The order of a list's columns: [data-move="up|down"] moves its entry within the list; the form sends them in that order.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  const entry = button?.closest("li");
  if (!entry) return;
  if (button.dataset.move === "up") entry.previousElementSibling?.before(entry);
  else entry.nextElementSibling?.after(entry);
  button.focus();
});
