import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where a running `tandem serve` answers while the screens are worked on with `npm run dev`.
const server = process.env.TANDEM_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react()],
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
