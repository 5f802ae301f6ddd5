import { useState } from "react";
import { count, percent } from "@/lib/format";
import { announce } from "@/lib/keys";
import { useChange } from "@/lib/server";
import { Button, Dialog, Field } from "@/ui/controls";
import { Refusals } from "@/ui/state";
import { KeepQuestion, PractiseQuestion, type PitchView } from "./documents";

type QuestionRow = PitchView["questions"][number];

const because: Record<QuestionRow["because"], string> = {
  UNSUPPORTED_CLAIM: "a claim rests on nothing",
  UNSERVED_CRITERION: "no section seems to answer a criterion or a need (an estimate by words)",
  ASKED_BEFORE: "it was asked before",
};

/** Questions to expect, the least practised first, and a drill. */
export function QuestionsPart({ pitch }: { pitch: PitchView }) {
  const keep = useChange(KeepQuestion, "The question");
  const [text, setText] = useState("");
  const [drill, setDrill] = useState(false);
  const [refused, setRefused] = useState<Parameters<typeof Refusals>[0]["errors"]>([]);
  const { questions } = pitch;
  const never = questions.filter((q) => q.practised === 0).length;
  const write = async () => {
    if (!text.trim()) return;
    const { keepQuestion } = await keep.make({ pitchId: pitch.id, text: text.trim(), dryRun: false });
    setRefused(keepQuestion.userErrors);
    if (keepQuestion.userErrors.length === 0) setText("");
  };
  return (
    <section className="rh-questions">
      <h3>Questions to expect <span>{questions.length > 0 && `${percent(Math.round(pitch.questionCoverage * 100))} practised once`}</span></h3>
      {questions.length === 0 ? <p className="mid">None found: every claim rests on something, and every criterion is served. Write down what is asked in a run.</p> : <p className="mid">{never === 0 ? "Each was practised once at least." : `${count(never, "question")} never practised.`}</p>}
      <ul>
        {questions.slice(0, 8).map((q) => <li key={q.id}><b>{q.text}</b><span className="cap">{because[q.because]}; practised {q.practised === 1 ? "once" : q.practised === 0 ? "never" : `${q.practised} times`}</span></li>)}
      </ul>
      {questions.length > 8 && <p className="cap">and {count(questions.length - 8, "more", "more")} in the drill</p>}
      <form className="rh-ask" onSubmit={(e) => { e.preventDefault(); void write(); }}>
        <Field label="A question that was asked" value={text} onChange={setText} />
        <Button size="sm" type="submit" isDisabled={!text.trim() || keep.busy}>Write it down</Button>
      </form>
      <Refusals errors={refused} />
      {questions.length > 0 && <p className="rh-acts"><Button onPress={() => setDrill(true)}>Drill…</Button></p>}
      {drill && <Drill pitch={pitch} onClose={() => setDrill(false)} />}
    </section>
  );
}

function Drill({ pitch, onClose }: { pitch: PitchView; onClose: () => void }) {
  // The order of the beginning stays, however the counts change on the way.
  const [order] = useState(() => pitch.questions.map((q) => q.id));
  const [at, setAt] = useState(0);
  const practise = useChange(PractiseQuestion, "The practised question");
  const q = pitch.questions.find((x) => x.id === order[at]);
  const next = () => (at + 1 < order.length ? setAt(at + 1) : onClose());
  const done = async () => {
    if (!q) return next();
    await practise.make({ pitchId: pitch.id, questionId: q.id, dryRun: false });
    announce("Counted");
    next();
  };
  return (
    <Dialog
      wide
      title={`Question ${at + 1} of ${order.length}`}
      onClose={onClose}
      foot={<><Button kind="go" isDisabled={practise.busy} onPress={() => void done()}>{at + 1 < order.length ? "Answered, next one" : "Answered"}</Button><Button onPress={next}>{at + 1 < order.length ? "Skip it" : "Leave it"}</Button><span className="far"><Button kind="bare" onPress={onClose}>End the drill</Button></span></>}
    >
      <p className="rh-q" aria-live="polite">{q?.text ?? "This one is answered by the pitch itself now."}</p>
      {q && <p className="mid">To be expected because {because[q.because]}{q.claim ? `: “${q.claim.text}”` : ""}. Practised {q.practised === 1 ? "once" : q.practised === 0 ? "never" : `${q.practised} times`}.</p>}
      <p className="cap">One answers aloud, in at most a minute; the others listen for the answer’s first sentence.</p>
    </Dialog>
  );
}
