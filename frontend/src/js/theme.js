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
  const apply = () => {
    const choice = stored("debitora.theme", "auto");
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.bsTheme = theme;
    document.documentElement.dataset.themeChoice = choice;
    document.documentElement.dataset.density = stored("debitora.density", "roomy");
    document.dispatchEvent(new CustomEvent("debitora:theme"));
  };
  dark.addEventListener("change", apply);
  document.addEventListener("debitora:theme-choice", apply);
  apply();
})();
