/** What the window's Go side offers beyond a browser; absent in a browser. */
interface WindowSide {
  go?: { main?: { Window?: { SaveText?: (name: string, text: string) => Promise<boolean>; SaveBytes?: (name: string, base64: string) => Promise<boolean> } } };
}

/** Whether these screens run in Tandem's own window. */
export const inWindow = (): boolean => !!(window as unknown as WindowSide).go;

/** Saves a text under a name that the person may change; in a browser it is a download. */
export async function saveText(name: string, text: string, type = "text/csv"): Promise<void> {
  const native = (window as unknown as WindowSide).go?.main?.Window?.SaveText;
  if (native) {
    await native(name, text);
    return;
  }
  download(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Saves bytes, given as base64, as `saveText` saves a text. */
export async function saveBytes(name: string, base64: string, type: string): Promise<void> {
  const native = (window as unknown as WindowSide).go?.main?.Window?.SaveBytes;
  if (native) {
    await native(name, base64);
    return;
  }
  download(name, new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type }));
}

function download(name: string, what: Blob): void {
  const url = URL.createObjectURL(what);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Puts a text on the clipboard; false where that is not allowed. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
