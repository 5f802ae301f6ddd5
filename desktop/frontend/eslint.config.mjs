import graphql from "@graphql-eslint/eslint-plugin";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const rooms = ["home", "people", "challenge", "offer", "import", "visit", "rehearsal"];

export default ts.config(
  { ignores: ["dist/**", "src/gql/**", "node_modules/**"] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [ts.configs.recommended],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-console": "error",
      "no-restricted-globals": ["error", { name: "XMLHttpRequest", message: "Ask the graph: lib/graphql." }],
      // Nothing is written into the page as markup or run from a text.
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Markup is never written from data." },
        { selector: "AssignmentExpression[left.property.name='innerHTML']", message: "Markup is never written from data." },
        { selector: "CallExpression[callee.name='eval'], NewExpression[callee.name='Function']", message: "The content policy forbids it." },
      ],
    },
  },
  // One direction: app, then features, then ui and lib; a feature knows no other.
  ...rooms.map((room) => ({
    files: [`src/features/${room}/**`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/app/*", ...rooms.filter((r) => r !== room).flatMap((r) => [`@/features/${r}`, `@/features/${r}/*`])], message: "Features meet only in app." }] }] },
  })),
  {
    files: ["src/lib/**", "src/ui/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@/app/*", "@/features/*"], message: "lib and ui know no screen." }] }] },
  },
  { files: ["src/**/*.{ts,tsx}"], processor: graphql.processor },
  {
    files: ["src/**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: ["../../schema.graphqls", "../../graph/schema/*.graphqls"], documents: ["src/**/*.{ts,tsx}"] } } },
    plugins: { "@graphql-eslint": graphql },
    rules: { "@graphql-eslint/no-deprecated": "error", "@graphql-eslint/known-type-names": "error", "@graphql-eslint/no-anonymous-operations": "error", "@graphql-eslint/unique-operation-name": "error" },
  },
);
