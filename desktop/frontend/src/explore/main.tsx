import "graphiql/setup-workers/vite";
import "@fontsource-variable/archivo/wdth.css";
// GraphiQL's own style.css would bring fonts as data: URLs, which the content policy refuses.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./explore.css";
import { createRoot } from "react-dom/client";
import { takeToken } from "@/lib/graphql";
import { startTheme } from "@/lib/theme";
import { Explore } from "./explore";

takeToken();
startTheme();
createRoot(document.getElementById("root")!).render(<Explore />);
