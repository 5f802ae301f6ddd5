import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { graphql } from "@/gql";
import { ask } from "@/lib/graphql";
import { useAsk } from "@/lib/server";
import { hearStage, type Shown } from "./audience";
import { Slide, useSlides } from "./deck";
import { counting } from "./run";
import "./stage.css";

const Audience = graphql(`
  query Audience($team: ID!) {
    node(id: $team) {
      __typename
      ... on Team {
        id
        number
        name
        pitch { id deck { id slides problem bytes } }
      }
    }
  }
`);
const AudienceRun = graphql(`
  query AudienceRun($pitch: ID!) {
    pitch(id: $pitch) {
      id
      rehearsals(first: 1) { nodes { id state events { sequence kind atMilliseconds slide section { id } } } }
    }
  }
`);

/** The window for the audience: the slide, and nothing else. It hears the stage of this browser, else follows the run. */
export function AudienceScreen() {
  const { team } = useParams({ strict: false }) as { team: string };
  const found = useAsk(Audience, { team });
  const node = found.data?.node?.__typename === "Team" ? found.data.node : null;
  const pitch = node?.pitch;
  const slides = useSlides(pitch?.id, pitch?.deck);
  const [shown, setShown] = useState<Shown | null>(null);
  const id = pitch?.id;
  useEffect(() => {
    if (!id) return;
    let told = false;
    const stop = hearStage(id, (next) => {
      told = true;
      setShown(next);
    });
    // A stage in another browser or in Tandem's window says nothing here; what it keeps on the server does.
    const follow = setInterval(() => {
      if (told) return;
      void ask(AudienceRun, { pitch: id }).then(({ pitch: p }) => {
        const run = p?.rehearsals.nodes[0];
        const last = run?.state === "RUNNING" ? counting(run.events.map((e) => ({ ...e, slide: e.slide ?? null, sectionId: e.section?.id ?? null }))).filter((e) => e.kind === "SLIDE").pop() : undefined;
        if (!told) setShown({ slide: last?.slide ?? 1, black: false });
      }, () => undefined);
    }, 1500);
    return () => {
      stop();
      clearInterval(follow);
    };
  }, [id]);
  useEffect(() => {
    const full = (e: KeyboardEvent) => {
      if (e.key.toLowerCase() === "f" || e.key === "Enter") void document.documentElement.requestFullscreen?.().catch(() => undefined);
    };
    window.addEventListener("keydown", full);
    return () => window.removeEventListener("keydown", full);
  }, []);
  return (
    <main className="audience" data-theme="dark" aria-label="The slide">
      <h1 className="vh">{node ? `Team ${node.number}, ${node.name}` : "The slide"}</h1>
      {shown?.black ? null : slides.pdf
        ? <Slide pdf={slides.pdf} slide={Math.max(1, shown?.slide ?? 1)} of={pitch?.deck?.slides ?? 1} className="au-slide" />
        : found.data && <p>{slides.trouble || (pitch?.deck ? "Reading the slides…" : "This pitch has no slides yet.")}</p>}
      {!shown && slides.pdf && <p className="cap au-hint"><kbd>F</kbd> fills the screen. The slide follows the stage.</p>}
    </main>
  );
}
