import { graphql } from "@/gql";
import { sha256 } from "@noble/hashes/sha2.js";
import { ask, newKey } from "./graphql";
import type { Refusal } from "./server";

const Start = graphql(`
  mutation StartUpload($input: StartUploadInput!) {
    startUpload(input: $input) {
      upload { id received }
      userErrors { field message code fix }
    }
  }
`);
const Append = graphql(`
  mutation AppendUpload($input: AppendUploadInput!) {
    appendUpload(input: $input) {
      upload { id received }
      userErrors { field message code fix }
    }
  }
`);

const piece = 128 * 1024;

/** Base64 of bytes, in the standard alphabet with padding. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x6000) text += String.fromCharCode(...bytes.subarray(i, i + 0x6000));
  return btoa(text);
}

/** The SHA-256 of bytes as 64 hexadecimal digits; WebCrypto is not to be had on every page of the window. */
export const digest = (bytes: Uint8Array): string =>
  Array.from(sha256(bytes), (x) => x.toString(16).padStart(2, "0")).join("");

/**
 * Sends a file in pieces of 128 KiB and returns the id of the finished upload, or why it was refused. A break in
 * between costs one piece: an unfinished upload of the same file goes on where it stopped. The sound of a run names the run.
 */
export async function upload(
  file: { name: string; bytes: Uint8Array; rehearsalId?: string },
  progress: (part: number) => void = () => undefined,
): Promise<{ id: string } | { refused: Refusal }> {
  const { startUpload } = await ask(Start, {
    input: { name: file.name, bytes: file.bytes.length, sha256: digest(file.bytes), rehearsalId: file.rehearsalId ?? null, idempotencyKey: newKey(), dryRun: false },
  });
  if (startUpload.userErrors[0]) return { refused: startUpload.userErrors[0] };
  let now = startUpload.upload!;
  while (now.received < file.bytes.length) {
    progress(now.received / file.bytes.length);
    const { appendUpload } = await ask(Append, {
      input: {
        uploadId: now.id,
        offset: now.received,
        data: base64(file.bytes.subarray(now.received, now.received + piece)),
        idempotencyKey: newKey(),
        dryRun: false,
      },
    });
    if (appendUpload.userErrors[0]) return { refused: appendUpload.userErrors[0] };
    const next = appendUpload.upload!;
    if (next.received <= now.received) throw new Error("The server took no more of the file.");
    now = next;
  }
  progress(1);
  return { id: now.id };
}
