import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Where a running `tandem serve` answers while the screens are worked on with `npm run dev`.
const server = process.env.TANDEM_URL ?? "http://127.0.0.1:8080";

// The fonts that every PDF may use without bringing them, served from here so that no slide asks the network.
const fonts = new URL("./node_modules/pdfjs-dist/standard_fonts/", import.meta.url);
const standardFonts: Plugin = {
  name: "standard-fonts",
  generateBundle() {
    for (const fileName of readdirSync(fonts)) this.emitFile({ type: "asset", fileName: `assets/standard_fonts/${fileName}`, source: readFileSync(new URL(fileName, fonts)) });
  },
};

export default defineConfig({
  base: "/",
  plugins: [react(), standardFonts],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    // The folder holds one committed file, so that the Go program can embed it before the first build.
    emptyOutDir: false,
    // No data: URLs, so that the content policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/graphql": server, "/healthz": server } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
