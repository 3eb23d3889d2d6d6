// The switches in the person menu: [data-theme-choice="auto|light|dark"] and [data-density-choice="roomy|compact"].
const switches = { themeChoice: "debitora.theme", densityChoice: "debitora.density" };

function mark() {
  const { themeChoice, density } = document.documentElement.dataset;
  const chosen = { themeChoice, densityChoice: density };
  for (const button of document.querySelectorAll("button[data-theme-choice], button[data-density-choice]")) {
    const [name] = Object.keys(switches).filter((key) => key in button.dataset);
    button.setAttribute("aria-pressed", String(button.dataset[name] === chosen[name]));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-theme-choice], button[data-density-choice]");
  if (!button) return;
  const [name] = Object.keys(switches).filter((key) => key in button.dataset);
  try {
    localStorage.setItem(switches[name], button.dataset[name]);
  } catch {
    // Storage is switched off: the usual look stays.
  }
  document.dispatchEvent(new CustomEvent("debitora:theme-choice"));
});

document.addEventListener("debitora:theme", mark);
mark();

// Paper is white whatever the screen is.
addEventListener("beforeprint", () => {
  document.documentElement.dataset.bsTheme = "light";
  document.dispatchEvent(new CustomEvent("debitora:theme"));
});
addEventListener("afterprint", () => document.dispatchEvent(new CustomEvent("debitora:theme-choice")));
