// Writing a text with names in double braces: form[data-writing]. Two braces offer the names of [data-insert] buttons,
// pressing such a button puts its name where the cursor stands, Ctrl+S saves, and nothing typed is lost: with
// [data-keeps=person] it is kept in this tab until it is saved, and leaving the page by closing it asks first.

const NAME = /\{\{-?\s*([\w.]*)$/;
const isText = (field) => field.matches?.('textarea, input[type="text"]');
const texts = (form) => [...form.elements].filter(isText).filter((field) => field.form === form && field.name !== "customer");
const say = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

/** Puts text in place of what lies between two positions and tells everybody who listens. */
function put(field, text, start, end) {
  field.focus();
  field.setRangeText(text, start, end, "end");
  say(field);
}

/** Makes a form one to write texts in. */
export function writing(form) {
  const fields = texts(form);
  let last = fields.find((field) => field.name === "mail") ?? fields[0];
  form.addEventListener("focusin", (event) => isText(event.target) && (last = event.target));
  document.querySelectorAll("[data-insert]").forEach((button) =>
    button.addEventListener("click", () => put(last, `{{ ${button.dataset.insert} }}`, last.selectionStart, last.selectionEnd)),
  );
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  fields.forEach(offering);
  if ("keeps" in form.dataset) keeping(form, fields);
}

// -------------------------------------------------------------------------------------------------- offering names

function offering(field) {
  const known = () => [...document.querySelectorAll("[data-insert]")];
  let list = null;
  let at = 0;

  const close = () => {
    list?.remove();
    list = null;
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-activedescendant");
  };
  const options = () => [...(list?.children ?? [])];
  const mark = () => {
    options().forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    const current = options()[at];
    if (!current) return;
    field.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  };
  const take = (name) => {
    const before = field.value.slice(0, field.selectionStart);
    const begun = NAME.exec(before);
    const closed = /^\s*\}\}/.exec(field.value.slice(field.selectionEnd));
    close();
    put(field, `{{ ${name} }}`, begun.index, field.selectionEnd + (closed ? closed[0].length : 0));
    close();
  };
  const open = (found) => {
    close();
    list = document.createElement("ul");
    list.className = "offered-names";
    list.id = `${field.id}-names`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
    for (const [place, button] of found.entries()) {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const meaning = document.createElement("span");
      row.id = `${list.id}-${place}`;
      row.setAttribute("role", "option");
      name.className = "mono";
      name.textContent = button.dataset.insert;
      meaning.className = "muted";
      meaning.textContent = button.closest("dt")?.nextElementSibling?.firstChild?.textContent.trim() ?? "";
      row.append(name, meaning);
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(button.dataset.insert);
      });
      list.append(row);
    }
    field.after(list);
    field.setAttribute("aria-controls", list.id);
    at = 0;
    mark();
  };

  field.addEventListener("input", () => {
    const begun = NAME.exec(field.value.slice(0, field.selectionStart));
    const found = begun ? known().filter((one) => one.dataset.insert.includes(begun[1])).slice(0, 20) : [];
    if (found.length) open(found);
    else close();
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (!list) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + options().length) % options().length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") take(options()[at].firstChild.textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

// -------------------------------------------------------------------------------------------------- keeping what is typed

function keeping(form, fields) {
  const place = `debitora.typed:${form.dataset.keeps}:${form.action}`;
  const note = document.querySelector("[data-kept]");
  const version = form.elements.version;
  const now = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const shown = now();
  const shownVersion = version.value;
  const read = (text) => (text ?? "").trim(); // saving trims
  const differs = (one) => fields.some((field) => read(one[field.name]) !== read(shown[field.name]));
  let leaving = false;

  const isUnsaved = () => "unsaved" in form.dataset || differs(now());
  const keep = () => {
    try {
      if (isUnsaved()) sessionStorage.setItem(place, JSON.stringify({ ...now(), version: version.value }));
      else sessionStorage.removeItem(place);
    } catch {
      // Storage is switched off or full: closing the page still asks.
    }
  };
  const fill = (values) => fields.forEach((field) => (field.value = values[field.name] ?? field.value));
  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(place));
    } catch {
      return null;
    }
  };

  const found = kept();
  if (found && !("unsaved" in form.dataset) && differs(found)) {
    fill(found);
    version.value = found.version; // an older one, so that saving asks before it covers what somebody made meanwhile
    if (note) note.hidden = false;
    say(fields[0]);
  } else keep();

  note?.querySelector("[data-drop-kept]").addEventListener("click", () => {
    fill(shown);
    version.value = shownVersion;
    note.hidden = true;
    keep();
    say(fields[0]);
    fields[0].focus();
  });
  form.addEventListener("input", keep);
  // A link within the house leads back to what is kept; what closes the page does not.
  document.addEventListener("click", (event) => (leaving = Boolean(event.target.closest?.("a[href]"))));
  document.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (!leaving && isUnsaved()) event.preventDefault();
  });
}
