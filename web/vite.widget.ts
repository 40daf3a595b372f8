// The notebook's widget: one module with everything in it, as anywidget loads it.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "../kgraph/client/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    lib: { entry: "src/widget/index.ts", formats: ["es"], fileName: () => "widget.js", cssFileName: "widget" },
  },
});
