import type { PDFDocumentProxy, RenderTask } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { ask } from "@/lib/graphql";
import { DeckPiece } from "./documents";

/** Bytes of base64 in the standard alphabet. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Reads a file that the graph gives in pieces. */
export async function readWhole(bytes: number, piece: (offset: number) => Promise<string | null | undefined>): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(bytes);
  for (let at = 0; at < bytes; ) {
    const next = await piece(at);
    if (!next) throw new Error("The file ends too early.");
    const some = bytesOf(next).subarray(0, bytes - at);
    whole.set(some, at);
    at += some.length;
  }
  return whole;
}

const drawn = new Map<string, Promise<PDFDocumentProxy>>();

async function open(pitch: string, bytes: number): Promise<PDFDocumentProxy> {
  const [{ getDocument, GlobalWorkerOptions }, data] = await Promise.all([
    import("pdfjs-dist"),
    readWhole(bytes, async (offset) => (await ask(DeckPiece, { pitch, offset })).pitch?.deck?.data),
  ]);
  GlobalWorkerOptions.workerSrc = worker;
  return getDocument({ data, standardFontDataUrl: "/assets/standard_fonts/", useSystemFonts: false, useWasm: false, enableXfa: false }).promise;
}

/** A pitch's slides, ready to be drawn. */
export interface Slides {
  pdf: PDFDocumentProxy | null;
  /** Why there is nothing to draw; empty while it is read, or where there is no deck. */
  trouble: string;
}

/** Reads a deck once and keeps it, so that slides turn without the server. */
export function useSlides(pitch: string | undefined, deck: { id: string; bytes: number; problem?: string | null } | null | undefined): Slides {
  const [slides, setSlides] = useState<Slides>({ pdf: null, trouble: "" });
  const { id, bytes = 0, problem } = deck ?? {};
  useEffect(() => {
    let here = true;
    if (!pitch || !id || bytes === 0) {
      setSlides({ pdf: null, trouble: id ? (problem ?? "") : "" });
      return;
    }
    const key = `${pitch} ${id} ${bytes}`;
    const reading = drawn.get(key) ?? open(pitch, bytes);
    drawn.set(key, reading);
    reading.then(
      (pdf) => here && setSlides({ pdf, trouble: "" }),
      () => {
        drawn.delete(key);
        if (here) setSlides({ pdf: null, trouble: "The slides cannot be drawn. The script and everything else work." });
      },
    );
    return () => void (here = false);
  }, [pitch, id, bytes, problem]);
  return slides;
}

/** One slide, drawn for the place that it has. The one before stays until the next is drawn. */
export function Slide({ pdf, slide, of, className }: { pdf: PDFDocumentProxy; slide: number; of: number; className: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [text, setText] = useState("");
  useEffect(() => {
    const watch = new ResizeObserver(([e]) => e && setBox({ width: e.contentRect.width, height: e.contentRect.height }));
    if (canvas.current) watch.observe(canvas.current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (box.width < 8 || box.height < 8 || slide < 1 || slide > pdf.numPages) return;
    let task: RenderTask | null = null;
    let here = true;
    const draw = async () => {
      const page = await pdf.getPage(slide);
      const whole = page.getViewport({ scale: 1 });
      const scale = Math.min(box.width / whole.width, box.height / whole.height) * Math.min(3, devicePixelRatio || 1);
      const viewport = page.getViewport({ scale });
      const behind = document.createElement("canvas");
      behind.width = Math.max(1, Math.round(viewport.width));
      behind.height = Math.max(1, Math.round(viewport.height));
      if (!here) return;
      task = page.render({ canvas: behind, viewport });
      await task.promise;
      const shown = canvas.current;
      if (!here || !shown) return;
      shown.width = behind.width;
      shown.height = behind.height;
      shown.getContext("2d")?.drawImage(behind, 0, 0);
      shown.dataset.slide = String(slide);
      const words: string[] = [];
      // Not getTextContent, which WebKitGTK cannot run.
      for (const reader = page.streamTextContent().getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const item of value.items) if ("str" in item && item.str.trim()) words.push(item.str.trim());
      }
      if (here) setText(words.join(" "));
    };
    draw().catch(() => undefined); // a drawing that was overtaken
    return () => {
      here = false;
      task?.cancel();
    };
  }, [pdf, slide, box]);
  return <canvas ref={canvas} className={className} role="img" aria-label={`Slide ${slide} of ${of}${text ? `: ${text}` : ""}`} />;
}
