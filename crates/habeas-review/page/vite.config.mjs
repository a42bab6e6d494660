// How the page is built: one script, one style sheet, the same bytes each time.
import { defineConfig } from "vite";

// The licence of the one library that is built in, kept as its terms ask.
const NOTICE = "/*! The page of Habeas. Built with Preact, (c) 2015-present Jason Miller, MIT licence: LICENCES.txt */";

export default defineConfig({
  base: "./",
  server: { host: "127.0.0.1", proxy: { "/api": process.env.HABEAS_URL ?? "http://127.0.0.1:4780" } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: "page.js",
        chunkFileNames: "[name].js",
        assetFileNames: "page[extname]",
        postBanner: NOTICE,
      },
    },
  },
});
