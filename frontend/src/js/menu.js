// Drop-downs are <details class="menu">, or "unfold" where a cell of a list holds more; this closes them when one clicks
// elsewhere, presses Escape or chooses.
// Arrow keys walk through the entries. The navigation of narrow screens opens and closes here as well.
const DROPS = "details:is(.menu, .unfold)";
const open = () => document.querySelectorAll(`${DROPS}[open]`);

/** Closes every open menu; true if there was one. The focus returns to the summary when it was inside. */
export function closeMenus(except = null) {
  let closed = false;
  for (const menu of open()) {
    if (menu === except) continue;
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
    closed = true;
  }
  return closed;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest(DROPS));
  if (event.target.closest("details.menu a, details.menu [data-closes]")) closeMenus();
  const toggle = event.target.closest("[data-nav]");
  const shut = !toggle && !event.target.closest("#nav");
  if (toggle) showNavigation(!document.documentElement.classList.contains("nav-open"));
  else if (shut) showNavigation(false);
});

function showNavigation(shown) {
  document.documentElement.classList.toggle("nav-open", shown);
  document.querySelector("[data-nav]")?.setAttribute("aria-expanded", String(shown));
  if (shown) document.querySelector("#nav a")?.focus();
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") showNavigation(false);
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (event.target.matches("input, select, textarea")) return;
  const entries = [...menu.querySelectorAll(".menu-list a, .menu-list button")];
  if (!entries.length) return;
  event.preventDefault();
  const at = entries.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  entries[(at + step + entries.length) % entries.length].focus();
});

// What the menu of a filter covers by half is no target: the heads of the list rest while it is open.
document.addEventListener(
  "toggle",
  () => {
    const covered = Boolean(document.querySelector(".filters details.menu[open]"));
    for (const head of document.querySelectorAll("#content thead")) head.inert = covered;
  },
  true,
);
