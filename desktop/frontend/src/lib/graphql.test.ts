import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TypedDocumentString } from "@/gql/graphql";
import { ask, guardFetch, newKey, setToken, takeToken, token, Trouble } from "./graphql";
import { base64, digest, upload } from "./upload";

const question = new TypedDocumentString<{ a: number | null }, Record<string, never>>("query A { a }");
const answers = (status: number, body: unknown) => vi.fn(async () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("ask", () => {
  it("gives the data, errors of nullable fields beside it", async () => {
    vi.stubGlobal("fetch", answers(200, { data: { a: null }, errors: [{ message: "no", extensions: { code: "NOT_FOUND" } }] }));
    expect(await ask(question)).toEqual({ a: null });
  });
  it("is refused with the server's word and code where there is no data", async () => {
    vi.stubGlobal("fetch", answers(200, { data: null, errors: [{ message: "Not yours.", extensions: { code: "FORBIDDEN" } }] }));
    await expect(ask(question)).rejects.toMatchObject({ kind: "refused", message: "Not yours.", code: "FORBIDDEN" });
  });
  it.each([[401, {}, "token"], [200, { errors: [{ message: "x", extensions: { code: "UNAUTHENTICATED" } }] }, "token"], [503, "", "unreachable"], [500, "<html>", "refused"]])("%d is %s", async (status, body, kind) => {
    vi.stubGlobal("fetch", answers(status as number, body));
    await expect(ask(question)).rejects.toMatchObject({ kind });
  });
  it("is unreachable where nothing answers", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => { throw new TypeError("refused"); }));
    await expect(ask(question)).rejects.toBeInstanceOf(Trouble);
  });
  it("sends the token of this tab, and none where there is none", async () => {
    const sent = answers(200, { data: { a: 1 } });
    vi.stubGlobal("fetch", sent);
    await ask(question);
    setToken("secret");
    await ask(question);
    const header = (i: number) => (sent.mock.calls[i] as unknown as [string, RequestInit])[1].headers as Record<string, string>;
    expect(header(0).authorization).toBeUndefined();
    expect(header(1).authorization).toBe("Bearer secret");
  });
});

describe("the token in the address", () => {
  it("is taken once and leaves the address", () => {
    const replaced = vi.fn();
    takeToken({ hash: "#token=a%2Fb", pathname: "/", search: "" } as Location, { replaceState: replaced } as unknown as History);
    expect(token()).toBe("a/b");
    expect(replaced).toHaveBeenCalledWith(null, "", "/");
  });
  it("leaves the address of a screen alone", () => {
    const replaced = vi.fn();
    takeToken({ hash: "#/c/1/home", pathname: "/", search: "" } as Location, { replaceState: replaced } as unknown as History);
    expect(token()).toBeNull();
    expect(replaced).not.toHaveBeenCalled();
  });
});

describe("the guard in front of fetch", () => {
  it("stops files and lets text through", async () => {
    const scope = { fetch: answers(200, "ok") as unknown as typeof fetch };
    const plain = scope.fetch;
    guardFetch(scope);
    await expect(scope.fetch("/x", { method: "POST", body: new Blob(["a"]) })).rejects.toThrow(TypeError);
    await expect(scope.fetch("/x", { method: "POST", body: new FormData() })).rejects.toThrow(TypeError);
    await scope.fetch("/x", { method: "POST", body: "{}" });
    expect(plain).toHaveBeenCalledTimes(1);
  });
});

describe("keys of intents", () => {
  it("are version 4 UUIDs, each its own, also where randomUUID is missing", () => {
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(newKey()).toMatch(form);
    const real = crypto;
    vi.stubGlobal("crypto", { getRandomValues: <A extends ArrayBufferView>(a: A) => real.getRandomValues(a as never) as A });
    const some = new Set(Array.from({ length: 50 }, newKey));
    expect(some.size).toBe(50);
    for (const k of some) expect(k).toMatch(form);
  });
});

describe("upload", () => {
  it("makes the digest and the base64 that the contract asks for", () => {
    expect(digest(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    expect(Buffer.from(base64(bytes), "base64").equals(Buffer.from(bytes))).toBe(true);
  });
  it("sends 128 KiB at a time and goes on where the server stands", async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
    let received = 131_072; // an upload of the same file that was broken off
    const pieces: number[] = [];
    vi.stubGlobal("fetch", vi.fn(async (_u: string, init: RequestInit) => {
      const { query, variables } = JSON.parse(init.body as string) as { query: string; variables: { input: { offset: number; data: string } } };
      if (query.includes("startUpload")) return new Response(JSON.stringify({ data: { startUpload: { upload: { id: "u", received }, userErrors: [] } } }));
      const piece = Buffer.from(variables.input.data, "base64");
      expect(variables.input.offset).toBe(received);
      expect(piece.equals(Buffer.from(bytes.subarray(received, received + piece.length)))).toBe(true);
      pieces.push(piece.length);
      received += piece.length;
      return new Response(JSON.stringify({ data: { appendUpload: { upload: { id: "u", received }, userErrors: [] } } }));
    }));
    expect(await upload({ name: "a.csv", bytes })).toEqual({ id: "u" });
    expect(pieces).toEqual([131_072, 300_000 - 262_144]);
  });
});
