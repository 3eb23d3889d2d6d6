// Builds what the pages need into the kit's static folder: two scripts, one style sheet, one icon sprite,
// the font, and lazy chunks (charts, Alpine). Every name carries a hash; manifest.json maps plain names to them.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defineConfig } from "vite";

const out = resolve(import.meta.dirname, "../src/debitora/kit/static/debitora");

/** The SVG sprite of the icons named in icons.txt; an unknown name stops the build. */
function iconSprite() {
  const names = readFileSync(resolve(import.meta.dirname, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const folder = resolve(import.meta.dirname, "node_modules/@tabler/icons/icons/outline");
  const symbols = names.map((name) => {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->|<\/?svg[^>]*>|<path stroke="none"[^>]*>/g, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Emits the sprite and, last of all, the flat manifest that `{% asset %}` reads. */
function debitora() {
  return {
    name: "debitora",
    buildStart() {
      this.emitFile({ type: "asset", name: "icons.svg", source: iconSprite() });
    },
    async writeBundle(_, bundle) {
      const manifest = {};
      for (const [file, piece] of Object.entries(bundle)) {
        if (piece.type === "chunk" && piece.isEntry) manifest[`${piece.name}.js`] = file;
        if (piece.type === "asset") for (const name of piece.names ?? []) manifest[name] = file;
      }
      const sorted = Object.fromEntries(Object.entries(manifest).sort());
      await writeFile(join(out, "manifest.json"), JSON.stringify(sorted, null, 1) + "\n");
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  logLevel: "warn",
  plugins: [debitora()],
  build: {
    outDir: out,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    license: { fileName: "licenses.md" }, // what the bundles are made of goes out with them
    modulePreload: false,
    target: ["chrome123", "firefox120", "safari17.5"],
    // The default target lowers light-dark() and breaks the dark theme of the UI kit.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      checks: { eval: false }, // htmx holds one that allowEval keeps asleep
      input: {
        main: resolve(import.meta.dirname, "src/js/main.js"),
        theme: resolve(import.meta.dirname, "src/js/theme.js"),
        style: resolve(import.meta.dirname, "src/css/main.css"),
      },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
