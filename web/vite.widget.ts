// The notebook's widget: one module with everything in it, as anywidget loads it. Not vite's library mode, which leaves
// the white space in.
import { defineConfig } from "vite";

export default defineConfig({
  logLevel: "warn",
  build: {
    outDir: "../kgraph/client/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: { widget: "src/widget/index.ts" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
