// The pages' scripts: one file an entry, into the service's static files. The service names them, so no hash is in the
// name; it sends an ETag instead.
import { defineConfig } from "vite";

export default defineConfig({
  logLevel: "warn",
  build: {
    outDir: "../api/static/explorer",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // they know light-dark(); what it would be rewritten to does not work here
    cssCodeSplit: true,
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: { explorer: "src/explorer/index.ts", editor: "src/editor/index.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
