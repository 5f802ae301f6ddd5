import "@fontsource-variable/archivo/wdth.css";
import "@fontsource-variable/newsreader/opsz.css";
import "./ui/tokens.css";
import "./ui/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { guardFetch, takeToken } from "./lib/graphql";
import { startTheme } from "./lib/theme";

takeToken();
guardFetch();
startTheme();
// A file dropped beside a drop zone must not replace the screen.
for (const kind of ["dragover", "drop"] as const) window.addEventListener(kind, (e) => e.preventDefault());

createRoot(document.getElementById("root")!).render(<App />);
