// Runs in <head> before the first paint, as a classic script: sets the chosen theme, so that nothing flashes.
// Theme (auto, light, dark) and density (roomy, compact) are tastes of this browser, kept in its local storage only.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = (name, usual) => {
    try {
      return localStorage.getItem(name) || usual;
    } catch {
      return usual; // storage is switched off
    }
  };
  const show = (theme) => {
    document.documentElement.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("debitora:theme"));
  };
  const apply = () => {
    const choice = stored("debitora.theme", "auto");
    document.documentElement.dataset.themeChoice = choice;
    document.documentElement.dataset.density = stored("debitora.density", "roomy");
    show(choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
  };
  dark.addEventListener("change", apply);
  document.addEventListener("debitora:theme-choice", apply);
  addEventListener("beforeprint", () => show("light")); // charts too: what they drew for the dark is faint on paper
  addEventListener("afterprint", apply);
  apply();
})();
