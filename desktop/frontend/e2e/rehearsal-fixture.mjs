// A stand-in for a team's rehearsals, beside fixture.mjs. The pitch, its figures and its speakers are invented.

/** A PDF of slides, a headline and a bar each, in one of the fonts that a PDF need not bring. */
export function deckOf(titles) {
  const objects = ["<</Type/Catalog/Pages 2 0 R>>", `<</Type/Pages/Count ${titles.length}/Kids[${titles.map((_, i) => `${4 + i * 2} 0 R`).join(" ")}]>>`, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"];
  titles.forEach((title, i) => {
    const words = title.split(" ");
    const half = Math.ceil(words.length / 2);
    const lines = words.length > 4 ? [words.slice(0, half).join(" "), words.slice(half).join(" ")] : [title];
    const drawing = `0.08 0.09 0.11 rg BT /F 44 Tf 66 390 Td 48 TL ${lines.map((l) => `(${l.replace(/[()\\]/g, "\\$&")}) Tj T*`).join(" ")} ET 66 150 ${140 + ((i * 137) % 520)} 22 re f`;
    objects.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 960 540]/Resources<</Font<</F 3 0 R>>>>/Contents ${5 + i * 2} 0 R>>`, `<</Length ${drawing.length}>>stream\n${drawing}\nendstream`);
  });
  let text = "%PDF-1.4\n";
  const places = objects.map((o, i) => { const at = text.length; text += `${i + 1} 0 obj${o}endobj\n`; return at; });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((p) => `${String(p).padStart(10, "0")} 00000 n \n`).join("")}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF`;
  return Buffer.from(text, "latin1");
}

const titles = ["Damp is found too late", "Who rings, and when", "Nine weeks in twelve homes", "They rang after ten weeks", "What the depot showed us", "Damp is reported 74 days after it starts", "The van that was going anyway reads the sensors", "Nobody has to ring", "Twelve homes, four days", "What it costs a home", "Three streets, from June"];
const parts = [
  ["Problem", 60, 1, 2, "Damp ruins four in a hundred of these homes. The council hears of it when the plaster is gone.\n\nThe tenant rings, waits, and rings again. Holly saw why."],
  ["What we saw", 90, 3, 5, "We spent nine weeks with twelve homes. We asked each tenant to ring us.\n\nThey rang after ten weeks, on average.\n\nAt the depot we saw the vans that pass each home every month. [show the map] Here Niamh had the idea."],
  ["Idea", 110, 6, 8, "We asked twelve tenants to ring us when they smelt damp. They rang after ten weeks, on average. By then the plaster is gone.\n\nA sensor tells us in four days, and nobody has to ring. The van that was going anyway reads it.\n\nRuth has the readings from the twelve homes."],
  ["Proof", 90, 9, 10, "Twelve homes, nine weeks, four days from damp to visit.\n\nA sensor costs eleven pounds. Oliver says what we ask for."],
  ["Ask", 70, 11, 11, "Give us three streets from June. We bring the vans and the sensors."],
];
const wave = (n) => Array.from({ length: n }, (_, i) => Math.abs(Math.sin(i * 0.7) * Math.sin(i * 0.031)) * 0.8 + 0.05);
const page = (nodes) => ({ first }) => ({ nodes: nodes.slice(0, first ?? 100), edges: [], totalCount: nodes.length, pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } });

/** What a team's rehearsals answer, in a state: full, first (one run, no sound), bare (no pitch), noisy, analysing. */
export function rehearse(w, state) {
  const team = w.teams[4];
  const speakers = team.members.slice(0, 5);
  const people = Object.fromEntries(speakers.map((e) => [e.id, e]));
  const edited = { version: 3, updatedAt: "2019-04-07T09:24:00Z", updatedBy: speakers[1]?.person.name ?? null };
  const sections = parts.map(([title, targetSeconds, firstSlide, lastSlide, script], i) => ({ id: `section:${i + 1}`, order: i + 1, title, targetSeconds, firstSlide, lastSlide, script, wordBudget: state === "full" ? Math.round((targetSeconds / 60) * 140) : null, presenter: speakers[i] ?? null }));
  const file = deckOf(titles);
  const deck = { id: "deck:1", name: "Housing sensors.pdf", slides: titles.length, notes: titles.map(() => ""), problem: null, bytes: file.length, pdfpc: JSON.stringify({ pdfpcFormat: 2, pages: [] }), data: ({ offset, bytes }) => (offset >= file.length ? null : file.subarray(offset, offset + bytes).toString("base64")) };
  const pitch = { __typename: "Pitch", id: "pitch:5", ...edited, team, slotSeconds: 420, questionSeconds: 300, sections, claims: [{ id: "claim:1", text: "A sensor tells in four days", section: sections[2], evidence: [{ text: "Readings of twelve homes", source: "Trial log, nine weeks" }], insights: [] }, { id: "claim:2", text: "A sensor costs eleven pounds", section: sections[3], evidence: [], insights: [] }], deck, criteria: ["Value to residents", "Evidence", "Can be done by June"], pronunciations: [], questionCoverage: 0.5, analysers: [{ level: "SIGNAL", problem: null, sendsTo: null }, { level: "LOCAL_WORDS", problem: "The engine for words is not installed: apt install pocketsphinx pocketsphinx-en-us.", sendsTo: null }, { level: "REMOTE_WORDS", problem: "No engine of the team's own is set.", sendsTo: null }] };
  pitch.questions = [{ id: "question:1", text: "What does a sensor cost once it is fitted?", because: "UNSUPPORTED_CLAIM", claim: pitch.claims[1], practised: 0 }, { id: "question:2", text: "Who answers when the van does not come?", because: "ASKED_BEFORE", claim: null, practised: 2 }];
  const runs = [];
  const add = (seconds, { sound = true, gaps = [1600, 3100, 1400, null] } = {}) => {
    const number = runs.length + 1;
    let at = 4000;
    const times = sections.map((section, i) => { const from = at; at += seconds[i] * 1000; return { section, fromMilliseconds: i === 0 ? 0 : from, milliseconds: seconds[i] * 1000, targetMilliseconds: section.targetSeconds * 1000 }; });
    const run = { __typename: "Rehearsal", id: `run:${number}`, ...edited, pitch, number, state: "FINISHED", startedAt: `2019-04-0${number}T16:10:00Z`, milliseconds: at - 4000, all: [{ sequence: 1, kind: "START", atMilliseconds: 0, section: null, slide: null }, { sequence: 2, kind: "END", atMilliseconds: at, section: null, slide: null }], sections: times, plan: sections, feedback: [], consents: speakers.map((e) => ({ enrolment: e, givenAt: sound ? edited.updatedAt : null, withdrawnAt: null, sendAgreedAt: null, writtenBy: sound ? e.person.name : null })) };
    run.handovers = sections.slice(1).map((s, i) => ({ from: speakers[i], to: speakers[i + 1], atMilliseconds: times[i + 1].fromMilliseconds, gapMilliseconds: sound ? gaps[i] : null }));
    run.events = ({ afterSequence }) => run.all.filter((e) => e.sequence > afterSequence);
    run.lastSequence = () => run.all.length;
    run.diffTo = ({ rehearsalId }) => { const b = runs.find((r) => r.id === rehearsalId); return b && { before: b, after: run, sections: sections.map((section, i) => ({ section, beforeMilliseconds: b.sections[i]?.milliseconds ?? null, afterMilliseconds: run.sections[i]?.milliseconds ?? null, dropped: i === 1 ? ["They rang after ten weeks, on average."] : [], added: [] })) }; };
    run.recording = sound ? { id: `recording:${number}`, milliseconds: at, offsetMilliseconds: 0, sampleRate: 16000, bytes: 44, mediaType: "audio/wav", waveform: ({ points }) => wave(points), data: () => null } : null;
    run.fixNext = { text: `${speakers[2].person.name.split(" ")[0]}, drop the second example in Idea.`, explain: { text: "Idea ran 21 s over, more than half of all you were over. Without the second example (38 words, 16 s) the day fits in most runs.", section: sections[2], savesMilliseconds: 16000, overrunAfter: 0.34, evidence: sound ? [{ fromMilliseconds: 221000, toMilliseconds: 240000 }] : [] } };
    const measured = (value, more = {}) => ({ __typename: "Measured", value, method: "Boersma 1993", n: 812, confidence: "MEASURED", errorPercent: 1, usual: null, ...more });
    const refused = { __typename: "NoVerdict", text: "14 dB of speech over noise, 20 are needed.", gate: "SNR_DECIBELS", found: 14, needed: 20 };
    const metric = (name, value, speaker = null) => ({ name, speaker, section: null, value, evidence: [] });
    const span = (from, ms) => ({ fromMilliseconds: from, toMilliseconds: from + ms });
    run.analysis = sound && state !== "unheard" ? {
      __typename: "VoiceAnalysis", id: `analysis:${number}`, state: "DONE", progress: 1, startedAt: edited.updatedAt, endedAt: edited.updatedAt, failure: null, rehearsal: run, level: "SIGNAL", warnings: [], unknownWords: [],
      metrics: [metric("WORDS_PER_MINUTE", state === "noisy" ? refused : measured(146, { confidence: "ESTIMATED", errorPercent: 5, method: "de Jong and Wempe 2009, syllables", usual: number > 2 ? { low: 128, high: 151, runs: number - 1 } : null })), metric("SNR_DECIBELS", measured(state === "noisy" ? 14 : 31, { errorPercent: null })), ...speakers.map((e, i) => metric("PITCH_RANGE_SEMITONES", state === "noisy" && i === 1 ? refused : measured([5.1, 7.4, 3.8, 6.2, 5.6][i], { usual: number > 2 ? { low: [4.2, 6, 5, 5.1, 4.8][i], high: [6, 8.1, 7.2, 6.9, 6.1][i], runs: number - 1 } : null }), e))],
      pauses: [{ kind: "BREATH", span: span(32000, 400) }, { kind: "EMPHASIS", span: span(61000, 900) }, { kind: "HANDOVER", span: span(166000, 3100) }, { kind: "LONG", span: span(236000, 6800) }, { kind: "BREATH", span: span(301000, 500) }, { kind: "BREATH", span: span(402000, 700) }],
      pace: state === "noisy" ? [] : Array.from({ length: Math.floor(at / 5000) }, (_, i) => ({ atMilliseconds: i * 5000, wordsPerMinute: 138 + 14 * Math.sin(i / 4) + (i > 33 && i < 58 ? 30 : 0) })), alignment: null,
    } : null;
    runs.push(run);
    return run;
  };
  if (state === "full" || state === "noisy" || state === "unheard") for (const s of [[58, 88, 118, 92, 66], [66, 99, 134, 97, 71], [64, 101, 131, 86, 69]]) add(s);
  if (state === "first") add([64, 101, 131, 86, 69], { sound: false });
  const finished = () => runs.filter((r) => r.milliseconds !== null);
  pitch.rehearsals = (a) => page([...runs].reverse())(a);
  pitch.forecast = ({ liveDriftPercent }) => {
    if (finished().length === 0) return null;
    const equallyLikelySeconds = Array.from({ length: 50 }, (_, i) => Math.round(408 + i * 0.9 + (i * i) / 70 + liveDriftPercent - 8));
    return { runs: finished().length, equallyLikelySeconds, p10Seconds: equallyLikelySeconds[5], middleSeconds: equallyLikelySeconds[25], p90Seconds: equallyLikelySeconds[45], overrun: equallyLikelySeconds.filter((s) => s > 420).length / 50, cutsSuffice: true, cuts: [{ section: sections[2], text: "A sensor tells us in four days, and nobody has to ring.", words: 38, savesSeconds: 16, overrunAfter: 0.34 }, { section: sections[1], text: "At the depot we saw the vans.", words: 17, savesSeconds: 7, overrunAfter: 0.18 }], explain: { text: `From ${finished().length} runs, each section's mean and spread drawn towards its target.`, rehearsals: finished(), liveDriftPercent, seed: 5 } };
  };
  team.pitch = state === "bare" ? null : pitch;
  for (const t of w.teams) if (t !== team) t.pitch = null;
  for (const c of w.challenges) c.insights = page([]);
  const done = (more) => ({ impact: [], userErrors: [], ...more });
  const refuse = (code, message, fix = null) => ({ impact: [], userErrors: [{ code, message, field: [], fix }] });
  const run = (id) => runs.find((r) => r.id === id);
  const keys = new Map();
  // The same key gives the first answer again.
  const once = (f) => ({ input }) => { if (!keys.has(input.idempotencyKey)) keys.set(input.idempotencyKey, f(input)); return keys.get(input.idempotencyKey); };
  return {
    runs,
    nodes: [pitch, ...runs],
    resolvers: {
      pitch: () => team.pitch, rehearsal: ({ id }) => run(id) ?? null,
      savePitch: once((input) => {
        if (input.teamId !== team.id) return refuse("NOT_FOUND", "That team's pitch is its own.");
        if (input.dryRun) return done({ pitch });
        if (input.expectedVersion != null && input.expectedVersion !== pitch.version) return { ...refuse("STALE", "Somebody saved since you read this."), pitch };
        if (input.slotSeconds) pitch.slotSeconds = input.slotSeconds;
        if (input.sections) pitch.sections = input.sections.map((s, i) => ({ ...s, id: s.id ?? `section:n${i}`, order: i + 1, presenter: people[s.presenterId] ?? null, wordBudget: null }));
        if (input.criteria) pitch.criteria = input.criteria;
        pitch.version++;
        team.pitch = pitch;
        return done({ pitch });
      }),
      attachDeck: once((input) => { const u = w.uploads.get(input.uploadId); if (/\.pptx$/.test(u.name)) Object.assign(deck, { name: u.name, bytes: 0, problem: "PowerPoint files are drawn by LibreOffice, which is not installed here; save it as PDF and bring that." }); else if (!/\.(pdf|pdfpc)$/.test(u.name)) return refuse("INVALID", `${u.name} is neither PDF, PPTX nor pdfpc notes.`, "Save the slides as PDF."); pitch.deck = deck; pitch.version++; return done({ pitch }); }),
      startRehearsal: once((input) => { const r = add(parts.map(() => 0), { sound: false }); Object.assign(r, { state: "RUNNING", milliseconds: null, startedAt: input.startedAt, all: [], sections: [], handovers: [], fixNext: null, plan: pitch.sections }); return done({ rehearsal: r }); }),
      appendRunEvents: once((input) => {
        const r = run(input.rehearsalId);
        for (const e of input.events) {
          if (e.sequence <= r.all.length) continue;
          if (e.sequence !== r.all.length + 1) return refuse("INVALID", `The next number is ${r.all.length + 1}.`);
          if (r.all.length && e.atMilliseconds < r.all[r.all.length - 1].atMilliseconds) return refuse("INVALID", "It lies before the event before it.");
          r.all.push({ ...e, section: pitch.sections.find((s) => s.id === e.sectionId) ?? null });
          if (e.kind === "END") { r.state = "FINISHED"; r.milliseconds = e.atMilliseconds; r.sections = pitch.sections.map((section) => ({ section, fromMilliseconds: 0, milliseconds: Math.round(e.atMilliseconds / pitch.sections.length), targetMilliseconds: section.targetSeconds * 1000 })); }
        }
        return done({ lastSequence: r.all.length, rehearsal: r });
      }),
      setRecordingConsent: once((input) => { const r = run(input.rehearsalId); const c = r.consents.find((x) => x.enrolment.id === input.enrolmentId); c[input.agreed ? "givenAt" : "withdrawnAt"] = edited.updatedAt; if (!input.agreed) { r.recording = null; r.analysis = null; } return done({ rehearsal: r }); }),
      attachRecording: once((input) => { const r = run(input.rehearsalId); if (r.consents.some((c) => !c.givenAt || c.withdrawnAt)) return refuse("NEEDS_CONSENT", "Not every speaker agreed."); const u = w.uploads.get(input.uploadId); r.sound = u; r.recording = { id: `recording:${r.number}`, milliseconds: Math.round((u.bytes - 44) / 32), offsetMilliseconds: input.offsetMilliseconds, sampleRate: 16000, bytes: u.bytes, mediaType: "audio/wav", waveform: ({ points }) => wave(points), data: () => null }; return done({ rehearsal: r }); }),
      analyseRehearsal: once((input) => { const r = run(input.rehearsalId); r.analysis = { __typename: "VoiceAnalysis", id: `analysis:${r.number}`, state: "RUNNING", progress: 0.4, startedAt: edited.updatedAt, endedAt: null, failure: null, rehearsal: r, level: input.level, metrics: [], pauses: [], pace: [], alignment: null, warnings: [], unknownWords: [] }; return done({ analysis: r.analysis }); }),
      cancelJob: once((input) => { const r = runs.find((x) => x.analysis?.id === input.jobId); r.analysis.state = "CANCELLED"; return done({ job: r.analysis }); }),
      giveFeedback: once((input) => { const r = run(input.rehearsalId); const f = { id: `feedback:${r.feedback.length}`, author: null, section: pitch.sections.find((s) => s.id === input.sectionId) ?? null, criterion: input.criterion, level: input.level, text: input.text, at: edited.updatedAt }; r.feedback.push(f); return done({ feedback: f }); }),
      keepQuestion: once((input) => { pitch.questions.unshift({ id: `question:n${pitch.questions.length}`, text: input.text, because: "ASKED_BEFORE", claim: null, practised: 0 }); return done({ pitch }); }),
      practiseQuestion: once((input) => { pitch.questions.find((q) => q.id === input.questionId).practised++; return done({ pitch }); }),
    },
    analysis: (id) => runs.find((x) => x.analysis?.id === id)?.analysis,
  };
}
