import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useCohort } from "@/lib/cohort";
import { capital, clock, count, day, length, mass, number, time } from "@/lib/format";
import { ask } from "@/lib/graphql";
import { announce, useFindings, useKeys, useUndo } from "@/lib/keys";
import { saveText } from "@/lib/platform";
import { useChange, type Refusal } from "@/lib/server";
import { Bar, type Figure } from "@/ui/bar";
import { ActionMenu, Button, Dialog } from "@/ui/controls";
import { Bound, Tally } from "@/ui/marks";
import { EmptyState, Loading, Refusals, TroubleNote } from "@/ui/state";
import type { Wish } from "./asking";
import { AskDialog, WishPart } from "./asking-view";
import { boundWords, columnsOf, hostOf, presence, rowsOf, themeWords, unusedOf, type Board, type Exposure, type PlanHead, type TeamHead, type Visit } from "./board";
import { BoardView, type Selected } from "./board-view";
import { readBoard, useBoard, useOffers, usePeople, usePlans, useWhole } from "./data";
import { JoinDialog, joinable } from "./join";
import { CohortCalendar, DraftVisitPlan, JourneyTable, PersonCalendar, TeamCalendar } from "./documents";
import { ShowOnBoard } from "./costs";
import { useDrag } from "./drag";
import { useEdits, type Conflict } from "./edits";
import { FairnessStrip } from "./fairness-view";
import type { Deed } from "./history";
import { useLift } from "./lift";
import { Released } from "./manifest";
import { verdictAt } from "./moving";
import { CarryingPanel, MovingPanel } from "./moving-panel";
import { DayPanel, OfferPanel, Part, PersonPanel, planName, PlanPanel, VisitPanel } from "./panels";
import { usePeopleLift } from "./people-lift";
import { ClashView } from "./clash-view";
import { differenceWords, PlanningPanel, usePlanning, type Seen } from "./planning";
import { ReleaseDialog } from "./release";
import { RepairPanel, untouched, upsetTitle, VisitUpset, type Touched, type Upset } from "./repair";
import { fileName } from "./save";

type Dragged = { what: "visit"; visit: Visit } | { what: "person"; id: string; name: string; on: string };

/** The planner: weeks by groups, why everything is where it is, and what it would cost to change it. */
export function PlannerScreen() {
  const { cohort } = useParams({ strict: false }) as { cohort: string };
  const plans = usePlans(cohort);
  if (plans.error && !plans.data) return <div className="pad"><TroubleNote trouble={plans.error} /></div>;
  if (!plans.data) return <Loading what="the plans" />;
  const c = plans.data.cohort;
  return <Planner cohort={cohort} heads={c?.visitPlans?.nodes ?? []} teams={c?.teams?.nodes ?? []} inForce={c?.visitPlan ?? null} />;
}

function Planner({ cohort, heads, teams, inForce }: { cohort: string; heads: readonly PlanHead[]; teams: readonly TeamHead[]; inForce: { id: string; number: number } | null }) {
  const frame = useCohort();
  const zone = frame.programme.timeZone;
  const search = useSearch({ strict: false }) as { plan?: string };
  const go = useNavigate();
  const open = useCallback((plan: string) => void go({ to: `/c/${cohort}/visits`, search: { plan }, replace: true } as never), [go, cohort]);
  const started = useRef<Board | null>(null);
  const planning = usePlanning(cohort, (planId) => {
    open(planId);
    setWish((w) => ({ ...w, rules: {} })); // the draft has them now
    const from = started.current;
    if (!from) return;
    void readBoard(planId).then((now) => {
      if (!differenceWords(from, now)) setNotice(`Draft ${now.number} came out the same as ${planName(from)}. The same people, offers, pins and seed give the same plan: pin or exclude something, or change what is asked.`);
    }, () => undefined);
  });
  const runs = planning.now;
  // A draft that is being planned is empty until its first plan is found: the one before it stays until then.
  const before = heads.find((p) => p.id === search.plan && p.id !== runs?.planId) ?? heads.find((p) => p.id !== runs?.planId && p.state !== "PLANNING");
  const chosen = runs ? ((runs.job && runs.job.steps.length > 0) || !before ? runs.planId : before.id) : (heads.find((p) => p.id === search.plan)?.id ?? heads[0]?.id ?? null);
  const boardAnswer = useBoard(chosen);
  const board = useWhole(boardAnswer.data?.visitPlan ?? null);
  const peopleAnswer = usePeople(chosen);
  const people = useMemo(() => peopleAnswer.data ?? [], [peopleAnswer.data]);
  const byId = useMemo(() => new Map(people.map((p) => [p.enrolment.id, p])), [people]);
  const offers = useOffers();
  const edit = board?.state === "DRAFT" && !runs && board.id === chosen;
  const edits = useEdits(edit ? board : null, open);
  const undo = useUndo();
  const lifting = useLift(edit ? board : null, offers);
  const carrying = usePeopleLift(edit ? board : null);
  const draft = useChange(DraftVisitPlan);
  const [selected, setSelected] = useState<Selected>({ kind: "plan" });
  // One function for good, so that the strip of 2,000 people is not drawn again for every step of a move.
  const openPerson = useCallback((id: string) => { setUpset(null); setSelected({ kind: "person", id }); }, []);
  const [releasing, setReleasing] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const [asking, setAsking] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const [wish, setWish] = useState<Wish>({ rules: {}, secondsMax: 20, seed: null });
  const [wishing, setWishing] = useState(false);
  const [upset, setUpset] = useState<Upset | null>(null);
  const [touched, setTouched] = useState<Touched>(untouched);
  const [joining, setJoining] = useState<string | null>(null);
  const [needsWhy, setNeedsWhy] = useState<{ title: string; says: string; deed: Deed; errors: readonly Refusal[] } | null>(null);
  // A way from "why not then" to the board: lift, then put it where the line says, once it is lifted.
  const placeLater = useRef(lifting.place);
  placeLater.current = lifting.place;

  const unused = useMemo(() => (board ? unusedOf(board) : []), [board]);
  const visits = useMemo(() => board?.visits.nodes ?? [], [board]);
  const rows = useMemo(() => rowsOf(frame, visits, people, unused, offers), [frame, visits, people, unused, offers]);
  const columns = useMemo(() => columnsOf(visits), [visits]);
  const days = useMemo(() => [...presence(visits).keys()], [visits]);
  const name = board ? planName(board) : "";
  const earlier = heads.find((p) => p.id !== chosen && p.state === "RELEASED") ?? heads.find((p) => p.id !== chosen && p.state !== "PLANNING");

  // While planning, what the best plan changed is noted as it comes; the visits it touched keep an outline.
  const [seen, setSeen] = useState<readonly Seen[]>([]);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const shown = useRef<Board | null>(null);
  const jobId = runs?.jobId ?? null;
  useEffect(() => {
    setSeen([]);
    setChanged(new Set());
  }, [jobId]);
  useEffect(() => {
    if (!board) return;
    const before = shown.current;
    shown.current = board;
    if (!runs || !before || before === board) return;
    const d = differenceWords(before, board);
    if (!d) return;
    setSeen((s) => [...s, { at: (Date.now() - runs.startedAt) / 1000, what: d.words }]);
    setChanged(new Set(d.offers));
  }, [board, runs]);

  // Visits that a better look at a cost would change, outlined.
  const outline = useCallback((offers: readonly string[], says: string) => {
    setChanged(new Set(offers));
    setNotice(says);
    announce(says);
  }, []);

  // ---- doing things ----

  const draftOf = async (from: PlanHead | Board, then?: (planId: string) => void) => {
    const { draftVisitPlan: a } = await draft.make({ cohortId: cohort, fromPlanId: from.id, dryRun: false });
    if (a.plan) {
      open(a.plan.id);
      then?.(a.plan.id);
      announce(`Draft ${a.plan.number} is a copy of ${planName(from)}.`);
    } else setNotice(a.userErrors[0]?.message ?? "The draft was not made.");
  };
  const mayNot = (): boolean => {
    if (edit) return false;
    const text = runs ? "Wait until planning has stopped." : board ? `${name.charAt(0).toUpperCase()}${name.slice(1)} cannot be edited. Make a draft of it first.` : "There is no plan yet.";
    setNotice(text);
    announce(text);
    return true;
  };
  const make = async (says: string, deed: Deed) => {
    setNotice(null);
    const done = await edits.make(says, deed);
    return done.kept;
  };
  const pin = (v: Visit) => {
    if (!mayNot()) void make(v.pinned ? `Let go of ${hostOf(v.offer.site)}` : `Pinned ${hostOf(v.offer.site)}`, { do: "pin", visitId: v.id, pinned: !v.pinned });
  };
  const liftVisit = (v: Visit, byPointer = false): boolean => {
    if (mayNot()) return false;
    edits.clear();
    setNotice(null);
    setAsking(false);
    carrying.drop();
    lifting.lift(v, byPointer);
    return true;
  };
  const liftPerson = (id: string, on: string, byPointer = false): boolean => {
    if (mayNot()) return false;
    edits.clear();
    setNotice(null);
    setAsking(false);
    lifting.drop();
    carrying.lift(id, byId.get(id)?.enrolment.person.name ?? "", on, byPointer);
    return true;
  };
  // What went wrong is about what is looked at: a visit, a person, a visit day.
  const repair = (u: Upset) => {
    if (!board || board.state === "PLANNING" || board.state === "SUPERSEDED") return;
    back();
    setNotice(null);
    setUpset(u);
  };
  const repairOf = (): Upset | null => {
    const v = selected.kind === "visit" && visits.find((x) => x.id === selected.id);
    if (v) return v.state === "DONE" ? null : { what: "cancelled", visit: v };
    const p = selected.kind === "person" && byId.get(selected.id);
    if (p) return p.visits === 0 ? { what: "joined", id: p.enrolment.id, name: p.enrolment.person.name } : { what: "left", id: p.enrolment.id, name: p.enrolment.person.name };
    if (selected.kind === "day" && selected.on !== null && selected.on >= frame.programme.today) return { what: "lost", on: selected.on };
    return null;
  };
  const back = () => {
    const was = lifting.now ? hostOf(lifting.now.visit.offer.site) : carrying.now?.name;
    lifting.drop();
    carrying.drop();
    setAsking(false);
    edits.clear();
    if (was) announce(`${was} put back.`);
  };
  const keepVisit = async (reason: string | null) => {
    const l = lifting.now;
    if (!l || edits.busy) return;
    const verdict = verdictAt(frame, l.lifted, l.at);
    if (verdict.state === "now") return back();
    if (verdict.state === "breaks" && reason === null) {
      lifting.hold();
      setAsking(true);
      announce(`A rule breaks. Say why it is kept, or Escape to put it back.`);
      return;
    }
    const kept = await make(`Moved ${hostOf(l.visit.offer.site)} to ${day(l.at.on)}${l.at.group === l.visit.group.name ? "" : `, group ${l.at.group}`}`, {
      do: "move", visitId: l.visit.id, startsAt: lifting.moment(), group: l.at.group, reason, alone: l.alone && l.at.on !== l.visit.on,
    });
    if (kept) {
      lifting.drop();
      setSelected({ kind: "visit", id: l.visit.id });
    } else lifting.hold();
    setAsking(false);
  };
  const keepPerson = async (reason: string | null) => {
    const c = carrying.now;
    if (!c || edits.busy) return;
    if (c.home) return back();
    if (c.verdict?.breaks && reason === null) {
      carrying.hold();
      setAsking(true);
      return;
    }
    const to = visits.find((v) => v.group.id === c.at.groupId);
    const kept = await make(`Moved ${c.name} ${to ? `to ${hostOf(to.offer.site)}` : "off"} on ${day(c.at.on)}`, { do: "people", enrolmentIds: [c.id], on: c.at.on, toGroupId: c.at.groupId, reason });
    if (kept) carrying.drop();
    else carrying.hold();
    setAsking(false);
  };
  const takeNearest = () => {
    if (lifting.nearest) lifting.place({ on: lifting.nearest.on, group: lifting.nearest.group });
  };
  const onLiftKey = (e: KeyboardEvent): boolean => {
    const l = lifting.now;
    const c = carrying.now;
    const by = e.shiftKey ? -1 : 1;
    switch (e.key) {
      case "ArrowLeft": return l ? (lifting.day(-1), true) : (carrying.group(-1), true);
      case "ArrowRight": return l ? (lifting.day(1), true) : (carrying.group(1), true);
      case "ArrowUp": return l ? (lifting.week(-1), true) : (carrying.day(-1), true);
      case "ArrowDown": return l ? (lifting.week(1), true) : (carrying.day(1), true);
      case "Tab": return l ? (lifting.group(by), true) : c ? (carrying.group(by), true) : false;
      case "Enter": return l ? (void keepVisit(null), true) : (void keepPerson(null), true);
      case "Escape": return back(), true;
      case "w": case "W": return l ? (takeNearest(), true) : false;
      default: return false;
    }
  };
  const join = (v: Visit) => {
    if (!edit) return void mayNot();
    if (board && joinable(board, v)) setJoining(v.id);
    else announce("Its group sees two hosts that day already.");
  };
  const plan = (asked: Wish = wish) => {
    if (planning.busy) return;
    back();
    setSelected({ kind: "plan" });
    setNotice(null);
    started.current = board && board.state !== "PLANNING" ? board : null;
    void planning.start(board && board.state !== "PLANNING" ? { id: board.id, name: planName(board) } : null, asked);
  };

  // ---- dragging ----

  const drag = useDrag<Dragged>({
    start: (d) => (d.what === "visit" ? liftVisit(d.visit, true) : liftPerson(d.id, d.on, true)),
    over: (d, under) => {
      if (d.what === "visit") {
        const l = lifting.now;
        if (!l || !under) return;
        const slot = under.closest<HTMLElement>("[data-slot]")?.dataset.slot;
        if (slot) return lifting.place({ on: slot, group: slot === l.at.on ? l.at.group : l.visit.group.name });
        const cell = under.closest<HTMLElement>("[data-visit]");
        const row = under.closest<HTMLElement>("[data-week]");
        const week = frame.programme.weeks.find((w) => String(w.number) === row?.dataset.week);
        if (cell?.dataset.on) return lifting.place({ on: cell.dataset.on, group: l.visit.group.name });
        if (week && !(week.startsOn <= l.at.on && l.at.on <= week.endsOn)) {
          const open_ = l.lifted.alternatives.find((a) => week.startsOn <= a.on && a.on <= week.endsOn && a.broken.length === 0)?.on;
          lifting.place({ on: open_ ?? row!.dataset.from!, group: l.visit.group.name });
        }
      } else {
        const cell = under?.closest<HTMLElement>("[data-group]");
        if (cell) return carrying.place({ on: cell.dataset.on!, groupId: cell.dataset.group! });
        const off = under?.closest<HTMLElement>("[data-off]");
        if (off) carrying.place({ on: off.dataset.off!, groupId: null });
      }
    },
    drop: (d, under) => {
      if (!under?.closest(".pl-grid")) return back();
      if (d.what === "visit") void keepVisit(null);
      else void keepPerson(null);
    },
    cancel: back,
  });

  // ---- keys ----

  const still = !lifting.now && !carrying.now;
  useKeys(
    [
      { press: "p", says: "Plan, or plan again", act: () => plan() },
      { press: "a", says: "Plan again with other days, hosts or order", act: () => !runs && board && setWishing(true) },
      { press: "Escape", says: runs ? "Stop planning, keep the best so far" : "Back to the whole plan", act: () => (runs ? void planning.stop() : upset ? setUpset(null) : drawer ? setDrawer(false) : setSelected({ kind: "plan" })) },
      { press: "o", says: "Offers not used", act: () => setDrawer((d) => !d) },
      { press: "c", says: "Compare with another plan", act: () => earlier && board && void go({ to: `/c/${cohort}/visits/compare`, search: { plan: board.id, with: earlier.id } } as never) },
      { press: "r", says: "Release the draft", act: () => (edit ? setReleasing(true) : void mayNot()) },
      { press: "m", says: "Lift the visit that is looked at", act: () => { const v = selected.kind === "visit" && visits.find((x) => x.id === selected.id); if (v) liftVisit(v); } },
      { press: "x", says: "It cannot be held: ways out", act: () => { const u = repairOf(); if (u) repair(u); } },
      { press: "j", says: "Let its group see a second host that day", act: () => { const v = selected.kind === "visit" && visits.find((x) => x.id === selected.id); if (v) join(v); } },
      { press: "l", says: "Pin it, or let it go", act: () => { const v = selected.kind === "visit" && visits.find((x) => x.id === selected.id); if (v) pin(v); } },
    ],
    still && board !== null && !planning.clash,
  );
  useKeys(
    [
      { press: "Escape", says: "Put it back", act: back },
      { press: "w", says: "Nearest day that breaks nothing", act: takeNearest },
      { press: "Enter", says: "Keep it here", act: (e) => (e.target instanceof HTMLElement && e.target.closest("button,input,textarea") ? false : lifting.now ? void keepVisit(null) : void keepPerson(null)) },
      { press: "ArrowLeft", says: "A day earlier; a group back", act: () => (lifting.now ? lifting.day(-1) : carrying.group(-1)) },
      { press: "ArrowRight", says: "A day later; the next group", act: () => (lifting.now ? lifting.day(1) : carrying.group(1)) },
      { press: "ArrowUp", says: "A week, or a visit day, earlier", act: () => (lifting.now ? lifting.week(-1) : carrying.day(-1)) },
      { press: "ArrowDown", says: "A week, or a visit day, later", act: () => (lifting.now ? lifting.week(1) : carrying.day(1)) },
    ],
    !still,
  );
  useFindings([
    ...visits.map((v) => ({ title: hostOf(v.offer.site), hint: `Visit, ${day(v.on)}`, act: () => setSelected({ kind: "visit", id: v.id }) })),
    ...unused.map((u) => ({ title: u.name, hint: "Offer, not used", act: () => setSelected({ kind: "offer", id: u.offerId }) })),
    ...people.map((p) => ({ title: p.enrolment.person.name, hint: "Person in the plan", act: () => setSelected({ kind: "person", id: p.enrolment.id }) })),
    { title: "Plan visits", hint: "P", act: () => plan() },
    ...(board && !runs ? [{ title: "Plan visits with other rules", hint: "A", act: () => setWishing(true) }] : []),
  ]);

  // ---- calendars ----

  const calendar = async (of: { kind: "cohort" } | { kind: "team"; id: string; name: string } | { kind: "person"; id: string; name: string }) => {
    const title = of.kind === "cohort" ? `${frame.programme.name} visits` : `${frame.programme.name} ${of.name} visits`;
    const ics =
      of.kind === "cohort" ? (await ask(CohortCalendar, { cohort })).cohort?.calendar?.ics
      : of.kind === "team" ? await ask(TeamCalendar, { team: of.id }).then((d) => (d.node?.__typename === "Team" ? d.node.calendar?.ics : null))
      : await ask(PersonCalendar, { enrolment: of.id }).then((d) => (d.node?.__typename === "Enrolment" ? d.node.calendar?.ics : null));
    if (!ics) return setNotice("There is no calendar before a plan is released.");
    await saveText(`${fileName(title)}.ics`, ics, "text/calendar");
    announce("Calendar file saved.");
  };
  const journeys = async (plan: Board) => {
    const table = (await ask(JourneyTable, { plan: plan.id })).visitPlan?.journeyTable;
    if (!table) return setNotice("The plan is not there any more, or its journeys are not yours to see.");
    await saveText(`${fileName(`${frame.programme.name} journeys of ${planName(plan)}`)}.csv`, table);
    announce("Journeys saved.");
  };

  // ---- states without a board ----

  const { clash } = planning;
  if (clash) {
    return (
      <ClashView
        key={clash.job.id}
        job={clash.job}
        cohort={cohort}
        from={clash.from?.name ?? null}
        onPlan={(rules) => void planning.start(clash.from, { ...clash.wish, rules: { ...clash.wish.rules, ...rules, daysBetweenMin: rules.daysBetweenMin ?? 0 } })}
        onAsk={null}
        onBack={() => { planning.putClashAway(); if (clash.from) open(clash.from.id); }}
        onStop={runs ? () => void planning.stop() : null}
      />
    );
  }

  if (!chosen && !runs) {
    return (
      <div className="planner-empty">
        <h1 className="vh">Visits</h1>
        <EmptyState title="No plan of visits yet" action={<Button kind="go" press="P" onPress={() => plan()} isDisabled={planning.busy}>Plan visits</Button>}>
          <p>Here will be the weeks of the programme, who visits which host on which day, and for everything left out the reason.</p>
          <p className="pl-gap">It needs two lists: the people with their home stations and the days they are away, and what hosts offer with their days, group sizes and lead times. You have {count(offers.size, "offer")}{offers.size === 0 ? <>; <a href={`#/c/${cohort}/import`}>load them from a file</a></> : ""}.</p>
        </EmptyState>
        <Refusals errors={planning.errors} />
        <KeysForEmpty plan={() => plan()} />
      </div>
    );
  }
  if (!board) {
    return boardAnswer.error ? <div className="pad"><TroubleNote trouble={boardAnswer.error} /></div> : boardAnswer.data ? <EmptyState title="This plan is not there any more" action={heads[0] && <Button onPress={() => open(heads[0]!.id)}>Open {planName(heads[0])}</Button>} /> : <Loading what="the plan" />;
  }

  const visit = selected.kind === "visit" ? visits.find((v) => v.id === selected.id) : undefined;
  const joiner = edit ? visits.find((v) => v.id === joining) : undefined;
  const person = selected.kind === "person" ? byId.get(selected.id) : undefined;
  const chips = {
    open: (id: string) => setSelected({ kind: "person", id }),
    lift: (id: string, on: string) => void liftPerson(id, on),
    grab: (e: Parameters<typeof drag.begin>[0], id: string, on: string) => drag.begin(e, { what: "person", id, name: byId.get(id)?.enrolment.person.name ?? "", on }),
    wasDrag: drag.wasDrag,
  };
  const mendable = !runs && (board.state === "RELEASED" || board.state === "DRAFT");
  const moved = carrying.now;
  const carriedTo = moved && visits.find((v) => v.group.id === moved.at.groupId);

  const inspector = (): ReactNode => {
    if (lifting.now) {
      return <MovingPanel lift={lifting.now} board={board} people={byId} nearest={lifting.nearest} edits={edits} asking={asking} onKeep={(r) => void keepVisit(r)} onBack={back} onNearest={takeNearest} onLeave={lifting.leave} />;
    }
    if (moved) {
      return <CarryingPanel carried={moved} board={board} edits={edits} asking={asking} onKeep={(r) => void keepPerson(r)} onBack={back} place={carriedTo ? `${hostOf(carriedTo.offer.site)}, group ${carriedTo.group.name}` : "off this day"} />;
    }
    if (upset) {
      return (
        <RepairPanel
          key={`${board.id} ${upsetTitle(upset)}`}
          upset={"visit" in upset ? { ...upset, visit: visits.find((v) => v.id === upset.visit.id) ?? upset.visit } : upset}
          board={board}
          onBack={() => setUpset(null)}
          onTouched={setTouched}
          onDraft={(planId, number_, offers_) => {
            const text = `Draft ${number_} holds the way out: ${upsetTitle(upset)}. C compares it, R releases it.`;
            setUpset(null);
            setSelected({ kind: "plan" });
            setChanged(offers_);
            open(planId);
            setNotice(text);
            announce(text);
          }}
        />
      );
    }
    if (runs && selected.kind === "plan") return <PlanningPanel planning={runs} board={board} seen={seen} />;
    if (visit) {
      return (
        <VisitPanel
          key={visit.id}
          visit={visit}
          board={board}
          people={byId}
          acts={chips}
          onVisit={(id) => setSelected({ kind: "visit", id })}
          onGo={edit ? (slot) => { if (liftVisit(visit)) requestAnimationFrame(() => placeLater.current(slot)); } : null}
          after={<>{board.state === "RELEASED" && <Released visit={visit} />}{mendable && <VisitUpset visit={visit} onUpset={repair} />}</>}
          foot={edit && (
            <div className="pl-foot">
              <Button press="M" onPress={() => liftVisit(visit)}>Move</Button>
              <Button press="L" onPress={() => pin(visit)}>{visit.pinned ? "Let go" : "Pin"}</Button>
              {joinable(board, visit) && <Button press="J" onPress={() => join(visit)}>Second host…</Button>}
              <Button kind="bare" onPress={() => void make(`Took out ${hostOf(visit.offer.site)}`, { do: "remove", visitId: visit.id }).then((ok) => ok && setSelected({ kind: "plan" }))}>Take out</Button>
            </div>
          )}
        />
      );
    }
    if (selected.kind === "offer") {
      const offer = offers.get(selected.id);
      const title = (offer && hostOf(offer.site)) ?? unused.find((u) => u.offerId === selected.id)?.name ?? "";
      return (
        <OfferPanel
          key={selected.id}
          offer={offer}
          offerId={selected.id}
          board={board}
          edit={!!edit}
          onAdd={(startsAt, on) => void addOffer(title, { do: "add", offerId: selected.id, startsAt, reason: null }, `Added ${title} on ${day(on)}`, { kind: "plan" })}
          onExclude={(reason) => void make(`Excluded ${title}`, { do: "exclude", offerId: selected.id, reason })}
          onIn={() => void make(`Let ${title} in again`, { do: "exclude", offerId: selected.id, reason: null })}
        />
      );
    }
    if (person) {
      return (
        <PersonPanel
          key={person.enrolment.id}
          person={person}
          board={board}
          days={days}
          edit={!!edit}
          onLift={(on) => void liftPerson(person.enrolment.id, on)}
          onDay={(id) => setSelected({ kind: "visit", id })}
          onUpset={mendable ? () => { const u = repairOf(); if (u) repair(u); } : null}
          onCalendar={inForce ? () => void calendar({ kind: "person", id: person.enrolment.id, name: person.enrolment.person.name }) : null}
        />
      );
    }
    if (selected.kind === "day") return <DayPanel on={selected.on} week={selected.week} board={board} people={people} onUpset={mendable && selected.on !== null && selected.on >= frame.programme.today ? () => repair({ what: "lost", on: selected.on! }) : null} />;
    return (
      <PlanPanel
        board={board}
        plans={heads}
        people={people}
        edit={!!edit}
        onOpen={open}
        onPerson={(id) => setSelected({ kind: "person", id })}
        onIn={(offerId) => void make("Let an offer in again", { do: "exclude", offerId, reason: null })}
        wish={!runs && <WishPart rules={board.rules} wish={wish} onAsk={() => setWishing(true)} />}
      >
        {visits.length > 0 && !runs && (
          <Part title="Journeys" aside="as a table" grow>
            <div className="pl-btns">
              <Button size="sm" onPress={() => void journeys(board)}>Save as CSV…</Button>
              <span className="cap">Each person’s way there and back: time, price, CO2e, and what each stands on.</span>
            </div>
          </Part>
        )}
        {inForce && (
          <Part title="Calendar files" aside={`of version ${inForce.number}, in force`} grow>
            <div className="pl-btns">
              <Button size="sm" onPress={() => void calendar({ kind: "cohort" })}>Whole cohort</Button>
              {teams.length > 0 && <ActionMenu size="sm" items={teams.map((t) => ({ id: t.id, name: `Team ${t.number}, ${t.name}`, act: () => void calendar({ kind: "team", id: t.id, name: `team ${t.number}` }) }))}>A team</ActionMenu>}
              <span className="cap">A person’s is in their panel.</span>
            </div>
          </Part>
        )}
      </PlanPanel>
    );
  };

  const addOffer = async (title: string, deed: Extract<Deed, { do: "add" }>, says: string, then: typeof selected) => {
    const kept = await edits.make(says, deed);
    if (!kept.kept && kept.errors.some((e) => e.code === "NEEDS_OVERRIDE")) setNeedsWhy({ title, deed, errors: kept.errors, says });
    if (kept.kept) setSelected(then);
  };

  return (
    <div className="planner">
      <Bar title={runs ? `Planning ${board.id === runs.planId ? name : "a draft"}` : `Visits, ${name}`} figures={figuresOf(board, people, runs)} before={
        <div className="fig pl-bound" key="bound">
          <b><Bound gap={board.provedLevels >= 4 ? null : board.bound?.gapPercent ?? undefined} width={108} /></b>
          <span>{boundWords(board)}{runs ? " and closing" : ""}</span>
        </div>
      }>
        {runs ? (
          <Button kind="go" press="Esc" onPress={() => void planning.stop()} isDisabled={planning.stopping}>{planning.stopping ? "Stopping…" : "Stop and keep the best so far"}</Button>
        ) : (
          <>
            <span className="pl-narrow"><Button press="O" onPress={() => setDrawer((d) => !d)}>Not used</Button></span>
            {earlier && <Button onPress={() => void go({ to: `/c/${cohort}/visits/compare`, search: { plan: board.id, with: earlier.id } } as never)}>Compare with {earlier.number}</Button>}
            <Button press="P" onPress={() => plan()} isDisabled={planning.busy}>Plan again</Button>
            {board.state === "DRAFT"
              ? <Button kind={still ? "go" : "plain"} onPress={() => setReleasing(true)} isDisabled={!edit || !still}>Release</Button>
              : <Button kind="go" onPress={() => void draftOf(board)} isDisabled={draft.busy}>Make a draft of it</Button>}
          </>
        )}
      </Bar>
      {(planning.errors.length > 0 || notice || (edits.errors.length > 0 && still)) && (
        <div className="pl-say" role="status">
          <Refusals errors={[...planning.errors, ...(still ? edits.errors : [])]} />
          {notice && <p>{notice} {!edit && board.state !== "DRAFT" && !runs && <Button size="sm" onPress={() => { setNotice(null); void draftOf(board); }}>Make a draft of {name}</Button>}</p>}
          <Button kind="bare" size="sm" onPress={() => { setNotice(null); planning.clear(); edits.clear(); }}>Put away</Button>
        </div>
      )}
      <div className={drawer ? "pl-body drawer" : "pl-body"}>
        <aside className="pl-off" aria-label="Offers not used" data-panel="">
          <header><h2>Not used</h2><span>{unused.length} of {Math.max(offers.size, unused.length + new Set(visits.map((v) => v.offer.id)).size)} offers</span></header>
          {unused.length === 0 ? <p className="pl-offn">Every offer is used.</p> : (
            <ol>
              {unused.map((u) => (
                <li key={u.offerId} className={selected.kind === "offer" && selected.id === u.offerId ? "on" : undefined}>
                  <button type="button" onClick={() => setSelected({ kind: "offer", id: u.offerId })} aria-pressed={selected.kind === "offer" && selected.id === u.offerId}>
                    <span className="fn" aria-hidden="true">{u.letter}</span>
                    <b>{u.name}</b>
                    <span className="why"><Reason text={u.reason.text} /></span>
                    {u.reason.remedy && <span className="alt">{u.reason.remedy}</span>}
                  </button>
                </li>
              ))}
            </ol>
          )}
        </aside>
        <BoardView
          rows={rows}
          columns={columns}
          visits={visits}
          people={people}
          selected={selected}
          changed={upset ? touched.changed : changed}
          gone={touched.gone}
          lift={lifting.now}
          carried={carrying.now}
          onSelect={(s) => { setSelected(s); setUpset(null); setNotice(null); }}
          onGrab={(e, v) => { if (edit) drag.begin(e, { what: "visit", visit: v }); }}
          wasDrag={drag.wasDrag}
          onLift={(v) => void liftVisit(v)}
          onPin={pin}
          onLiftKey={onLiftKey}
          foot={edit && <UndoLine undo={undo} />}
        />
        <aside className="pl-insp" aria-label={lifting.now || moved ? "If moved" : upset ? "Ways out" : visit ? "Visit" : person ? "Person" : selected.kind === "offer" ? "Offer" : selected.kind === "day" ? "Day" : "Plan"} data-panel="">
          <ShowOnBoard value={outline}>{inspector()}</ShowOnBoard>
        </aside>
        <FairnessStrip people={people} visits={visits} selected={person?.enrolment.id ?? null} onPerson={openPerson} />
      </div>
      {drag.dragged && (
        <div className="pl-ghost" ref={drag.ghost} aria-hidden="true">
          {drag.dragged.what === "visit" ? (
            <><b>{hostOf(drag.dragged.visit.offer.site)}, group {drag.dragged.visit.group.name}</b>{drag.dragged.visit.group.sectors && <Tally {...drag.dragged.visit.group.sectors} size={5.6} pitch={7.5} />}</>
          ) : <b>{drag.dragged.name}</b>}
        </div>
      )}
      {wishing && !runs && <AskDialog rules={board.rules} wish={wish} name={name} onClose={() => setWishing(false)} onPlan={(w) => { setWishing(false); setWish(w); plan(w); }} />}
      {releasing && <ReleaseDialog board={board} onClose={() => setReleasing(false)} onReleased={() => undefined} onStale={() => { setReleasing(false); void boardAnswer.refetch(); }} />}
      {edits.conflict && <ConflictView conflict={edits.conflict} zone={zone} onSettle={(again) => { back(); void edits.settle(again); }} />}
      {joiner && <JoinDialog visit={joiner} board={board} offers={offers} onClose={() => setJoining(null)} onJoin={(offer, startsAt) => {
        setJoining(null);
        void addOffer(hostOf(offer.site), { do: "add", offerId: offer.id, startsAt, groupId: joiner.group.id, reason: null }, `Joined ${hostOf(offer.site)} to ${hostOf(joiner.offer.site)}`, { kind: "visit", id: joiner.id });
      }} />}
      {needsWhy && <WhyDialog {...needsWhy} onClose={() => setNeedsWhy(null)} onKeep={(reason) => { const w = needsWhy; setNeedsWhy(null); void make(w.says, { ...w.deed, reason } as Deed); }} />}
    </div>
  );
}

/** The figures of the bar; each with its basis. */
function figuresOf(board: Board, people: readonly Exposure[], runs: { secondsMax: number; job: { steps: readonly { milliseconds: number }[] } | null; startedAt: number } | null): Figure[] {
  const hosts = new Set(board.visits.nodes.map((v) => v.offer.id)).size;
  const days = new Set(board.visits.nodes.map((v) => v.on)).size;
  const n = people.length;
  const factor = board.travel.explain.factors.find((f) => f.year > 0)?.year;
  const last = runs?.job?.steps[runs.job.steps.length - 1]?.milliseconds ?? 0;
  return [
    ...(runs ? [{ value: `${number(last / 1000, 1)} of ${runs.secondsMax}\u00a0s`, basis: "stops early if proved best" }] : [{ value: `${count(hosts, "host")}, ${count(days, "day")}`, basis: themeWords(board), signal: board.score.uncovered > 0 }]),
    { value: `${length(board.travel.middleMinutes)} one way`, basis: `middle of ${number(board.travel.journeys)} journeys` },
    { value: `${mass(board.travel.gramsCo2e)} CO2e`, basis: n > 0 ? `${mass(board.travel.gramsCo2e / n)} a person${factor ? `, ${factor} factors` : ""}` : "estimate" },
  ];
}

/** The server's sentence, its first clause in bold where it has one: "Fortnight taken: open 5–7 Mar only." */
function Reason({ text }: { text: string }) {
  const at = text.search(/[:.] /);
  return at > 0 && at < 34 ? <><b>{text.slice(0, at)}.</b> {capital(text.slice(at + 2))}</> : <>{text}</>;
}

/** The last step under the board, and how to take it back. */
function UndoLine({ undo }: { undo: ReturnType<typeof useUndo> }) {
  const { back, forth } = undo;
  if (!back && !forth) return null;
  const run = (what: () => Promise<string | null>, before: string) => void what().then((s) => s && announce(`${before}: ${s}`), () => undefined);
  return (
    <div className="pl-undo">
      <span>{back ? `${back.says}.` : `Undone: ${forth!.says}.`}</span>
      {back && <Button kind="bare" size="sm" press="Ctrl Z" onPress={() => run(undo.undo, "Undone")}>Undo</Button>}
      {forth && <Button kind="bare" size="sm" press="Ctrl Shift Z" onPress={() => run(undo.redo, "Done again")}>Redo</Button>}
    </div>
  );
}

/** P works before there is a board. */
function KeysForEmpty({ plan }: { plan: () => void }) {
  useKeys([{ press: "p", says: "Plan visits", act: plan }]);
  return null;
}

/** A rule breaks: it can be kept in the draft with a reason. */
function WhyDialog({ title, errors, onKeep, onClose }: { title: string; errors: readonly Refusal[]; onKeep: (reason: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={`Add ${title} although a rule breaks`} onClose={onClose} lede="Such a draft cannot be released as it is."
      foot={<><Button kind="go" onPress={onClose}>Leave it out</Button><Button isDisabled={!reason.trim()} onPress={() => onKeep(reason.trim())}>Add with this reason</Button></>}>
      <Refusals errors={errors} />
      <label className="field">Why it is done all the same<input className="inp" value={reason} onChange={(e) => setReason(e.target.value)} /></label>
    </Dialog>
  );
}

/** Somebody saved the draft while it was edited here: what they changed, and what was meant here. */
function ConflictView({ conflict, zone, onSettle }: { conflict: Conflict; zone: string; onSettle: (again: boolean) => void }) {
  const { mine, theirs, says } = conflict;
  const was = new Map(mine.visits.nodes.map((v) => [v.offer.id, v]));
  const is = new Map(theirs.visits.nodes.map((v) => [v.offer.id, v]));
  const slot = (v: Visit | undefined) => (v ? `${day(v.on)}, ${time(v.startsAt, zone)}, group ${v.group.name}, ${count(v.group.members?.length ?? 0, "person", "people")}${v.pinned ? ", pinned" : ""}` : "not in the plan");
  const differing = [...new Set([...was.keys(), ...is.keys()])].filter((id) => {
    const a = was.get(id);
    const b = is.get(id);
    const who = (v: Visit | undefined) => (v?.group.members ?? []).map((m) => m.id).sort().join();
    return slot(a) !== slot(b) || who(a) !== who(b);
  });
  const who = theirs.updatedBy ?? "Somebody";
  return (
    <Dialog
      wide
      title={`${who} saved this draft meanwhile`}
      lede={`At ${clock(new Date(theirs.updatedAt))}, while you did this: ${says}. ${differing.length === 0 ? "Nothing on the board differs." : `${count(differing.length, "visit")} ${differing.length === 1 ? "differs" : "differ"}.`} Their version stays in the history whatever you choose.`}
      onClose={() => onSettle(false)}
      foot={
        <>
          <Button kind="go" onPress={() => onSettle(true)}>Do mine on top of theirs</Button>
          <Button onPress={() => onSettle(false)}>Keep theirs</Button>
        </>
      }
    >
      {differing.length > 0 && (
        <table className="pl-tab pl-conf">
          <thead><tr><th>Visit</th><th>As you saw it</th><th>On the server</th></tr></thead>
          <tbody>{differing.map((id) => <tr key={id}><th scope="row">{hostOf((is.get(id) ?? was.get(id))!.offer.site)}</th><td>{slot(was.get(id))}</td><td>{slot(is.get(id))}</td></tr>)}</tbody>
        </table>
      )}
      <p className="pl-gap">Doing yours on top: {says.charAt(0).toLowerCase() + says.slice(1)}; everything of theirs stays.</p>
    </Dialog>
  );
}
