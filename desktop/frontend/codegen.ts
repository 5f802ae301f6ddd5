import type { CodegenConfig } from "@graphql-codegen/cli";

// The types come from the contract itself and are made anew at every build: they are not kept in the repository.
export default {
  schema: ["../../schema.graphqls", "../../graph/schema/*.graphqls"],
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "./src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          DateTime: "string",
          Date: "string",
          UUID: "string",
          DataVersion: "string",
          Base64: "string",
        },
      },
    },
  },
} satisfies CodegenConfig;
