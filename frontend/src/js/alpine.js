// Alpine's CSP build with the few pieces that forms share. It starts itself on what is there and watches the page.
import Alpine from "@alpinejs/csp";

// Shows the parts that belong to a field's value:
//   <div x-data="reveal"><select x-model="value">…</select> <div data-for="post mail" x-bind="part">…</div></div>
Alpine.data("reveal", () => ({
  value: "",
  init() {
    const field = this.$root.querySelector("[x-model]");
    const chosen = this.$root.querySelector("[x-model]:checked") ?? field;
    this.value = chosen?.value ?? "";
  },
  part: {
    ["x-show"]() {
      return this.$el.dataset.for.split(" ").includes(this.value);
    },
  },
}));

// Rows that a person adds and takes away, named as a Django formset names them:
//   <div x-data="rows"><input type="hidden" name="steps-TOTAL_FORMS" …> <div data-rows>…</div>
//   <template><div data-row-part>… __prefix__ …</div></template> <button type="button" x-on:click="add">…</button></div>
Alpine.data("rows", () => ({
  add() {
    const total = this.$root.querySelector('input[name$="-TOTAL_FORMS"]');
    const mould = this.$root.querySelector("template");
    const box = document.createElement("template");
    box.innerHTML = mould.innerHTML.replaceAll("__prefix__", total.value);
    const row = box.content.firstElementChild;
    this.$root.querySelector("[data-rows]").append(row);
    total.value = String(Number(total.value) + 1);
    row.querySelector("input, select, textarea")?.focus();
  },
  // A row that Django knows is marked for deletion and hidden; its number stays taken.
  remove() {
    const row = this.$el.closest("[data-row-part]");
    const mark = row.querySelector('input[name$="-DELETE"]');
    if (!mark) return row.remove();
    mark.checked = true;
    mark.value = "on";
    row.hidden = true;
  },
}));

Alpine.start();
