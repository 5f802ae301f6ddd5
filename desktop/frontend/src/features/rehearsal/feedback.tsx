import { useState } from "react";
import { useChange, type Refusal } from "@/lib/server";
import { Button, Choice, Field } from "@/ui/controls";
import { Refusals } from "@/ui/state";
import { GiveFeedback, type RunView } from "./documents";

const levels = ["", "1 not yet", "2 in part", "3 mostly", "4 well", "5 fully"];

/** What teammates said about a run, on the judging criteria; private to the team. */
export function FeedbackPart({ run }: { run: RunView }) {
  const give = useChange(GiveFeedback, "The feedback");
  const [text, setText] = useState("");
  const [section, setSection] = useState("");
  const [criterion, setCriterion] = useState("");
  const [level, setLevel] = useState("0");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const { criteria } = run.pitch;
  const ready = text.trim() !== "" || (criterion !== "" && level !== "0");
  const put = async () => {
    const { giveFeedback } = await give.make({ rehearsalId: run.id, sectionId: section || null, criterion: criterion || null, level: criterion && level !== "0" ? Number(level) : null, text: text.trim(), dryRun: false });
    setRefused(giveFeedback.userErrors);
    if (giveFeedback.userErrors.length > 0) return;
    setText("");
    setLevel("0");
  };
  return (
    <div className="rf">
      <div>
        <ul className="rf-list">
          {run.feedback.map((f) => (
            <li key={f.id}>
              {f.text}
              <span className="cap">{[f.author?.person.name ?? "written at the team’s computer", f.criterion && `${f.criterion}${f.level ? `: ${levels[f.level]}` : ""}`, f.section?.title].filter(Boolean).join("; ")}</span>
            </li>
          ))}
        </ul>
        {run.feedback.length === 0 && <p className="mid">Nobody has said anything about this run yet. It stays in the team.</p>}
      </div>
      <form className="rf-form" onSubmit={(e) => { e.preventDefault(); if (ready) void put(); }}>
        <div className="grid2">
          <Choice label="About" value={section} onChange={setSection} items={[{ id: "", name: "The whole run" }, ...run.sections.map((s) => ({ id: s.section.id, name: s.section.title }))]} />
          {criteria.length > 0 && <Choice label="Criterion" value={criterion} onChange={setCriterion} items={[{ id: "", name: "None" }, ...criteria.map((c) => ({ id: c, name: c }))]} />}
        </div>
        {criterion && <Choice label="How well it met it" value={level} onChange={setLevel} items={levels.map((l, i) => ({ id: String(i), name: l || "No level" }))} />}
        <Field label="What to say" value={text} onChange={setText} lines={2} />
        <Refusals errors={refused} />
        <p><Button type="submit" isDisabled={!ready || give.busy}>Say it to the team</Button></p>
      </form>
    </div>
  );
}
