import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// GraphiQL at /explore is a build of its own: the screens share nothing with it, and so stay as small as they are.
export default defineConfig({
  base: "/",
  publicDir: false,
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 3_000, // Monaco
    license: { fileName: "licence-explore.txt" },
    rollupOptions: { input: "explore.html", checks: { moduleLevelDirective: false } },
  },
  // Monaco's workers load parts of themselves.
  worker: { format: "es" },
});
