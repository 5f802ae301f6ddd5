import { useState } from "react";
import { count, percent } from "@/lib/format";
import { ask, newKey, Trouble } from "@/lib/graphql";
import { saveText } from "@/lib/platform";
import { client, type Refusal } from "@/lib/server";
import { upload } from "@/lib/upload";
import { Button } from "@/ui/controls";
import { Notice, Refusals } from "@/ui/state";
import { Slide, useSlides } from "./deck";
import { AttachDeck, DeckNotes, type PitchView } from "./documents";
import { FilePick } from "./file-pick";

const why = (e: unknown): Refusal => ({ field: [], code: "", message: e instanceof Trouble ? e.message : "The file could not be read.", fix: e instanceof Trouble && e.kind === "unreachable" ? "Nothing was changed; try it again when the server answers." : null });

/** The deck: brought as PDF, PPTX or pdfpc notes, its notes taken out again as pdfpc. */
export function DeckPart({ saved, dirty }: { saved: PitchView | null; dirty: boolean }) {
  const [sending, setSending] = useState<number | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [over, setOver] = useState(false);
  const deck = saved?.deck;
  const slides = useSlides(saved?.id, deck);
  const bring = async (file: File) => {
    if (!saved) return;
    setRefused([]);
    setSending(0);
    try {
      const sent = await upload({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, setSending);
      if ("refused" in sent) return setRefused([sent.refused]);
      const { attachDeck } = await ask(AttachDeck, { input: { pitchId: saved.id, uploadId: sent.id, expectedVersion: saved.version, idempotencyKey: newKey(), dryRun: false } });
      setRefused(attachDeck.userErrors);
      await client.invalidateQueries();
    } catch (e) {
      setRefused([why(e)]);
    } finally {
      setSending(null);
    }
  };
  const takeNotes = async () => {
    const { pitch } = await ask(DeckNotes, { pitch: saved!.id });
    if (pitch?.deck) await saveText(`${pitch.deck.name.replace(/\.[^.]*$/, "")}.pdfpc`, pitch.deck.pdfpc, "application/json");
  };
  const ready = saved !== null && !dirty && sending === null;
  const noted = deck?.notes.filter(Boolean).length ?? 0;
  return (
    <section
      className={over ? "rh-deck over" : "rh-deck"}
      onDragOver={(e) => { e.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => { e.preventDefault(); setOver(false); const f = e.dataTransfer.files[0]; if (f && ready) void bring(f); }}
    >
      <h3>Slides {deck && <span>{count(deck.slides, "slide")}{noted > 0 ? `, ${noted} with notes` : ""}</span>}</h3>
      {deck ? (
        <>
          {slides.pdf && <Slide pdf={slides.pdf} slide={1} of={deck.slides} className="rh-first" />}
          <p className="rh-name">{deck.name}</p>
          {deck.problem && <Notice><b>{deck.problem}</b> Sections, script, notes and runs work without pictures.</Notice>}
          {!deck.problem && slides.trouble && <Notice tone="signal"><b>{slides.trouble}</b></Notice>}
        </>
      ) : <p className="mid">A PDF, or PowerPoint (PPTX) with its notes. Without slides the stage shows the section and its words.</p>}
      <Refusals errors={refused} />
      {sending !== null && <p role="status">{sending < 1 ? `Sending, ${percent(Math.round(sending * 100))}` : "Reading the slides…"}</p>}
      <p className="rh-acts">
        <FilePick label={deck ? "Another file" : "Choose a file"} accept=".pdf,.pptx,.pdfpc,application/pdf,application/vnd.openxmlformats-officedocument.presentationml.presentation" disabled={!ready} onFile={(f) => void bring(f)} />
        {deck && <Button size="sm" kind="bare" onPress={() => void takeNotes()}>Notes as .pdfpc</Button>}
      </p>
      {!ready && sending === null && <p className="cap">{saved ? "Save the pitch first; then a file can be brought." : "Save the pitch once; then a file can be brought."}</p>}
      {deck && ready && <p className="cap">A .pdfpc file brings notes to these slides.</p>}
    </section>
  );
}
