import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCohort } from "@/lib/cohort";
import { capital, count, day, dateIn, percent, words } from "@/lib/format";
import { ask, newKey, Trouble } from "@/lib/graphql";
import { useFindings } from "@/lib/keys";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Tally } from "@/ui/marks";
import { Answer, EmptyState, Loading } from "@/ui/state";
import { RehearsalTeams, SavePitch, type TeamRow } from "./documents";
import { minutes } from "./run";
import "./rehearsal.css";

/** "Two of seven teams have rehearsed" */
export function teamsSentence(teams: readonly { pitch?: { rehearsals: { totalCount: number } } | null }[]): string {
  const have = teams.filter((t) => (t.pitch?.rehearsals.totalCount ?? 0) > 0).length;
  if (have === 0) return "No team has rehearsed yet";
  if (have === teams.length) return teams.length === 1 ? "Your team has rehearsed" : "Every team has rehearsed";
  return `${capital(words(have))} of ${words(teams.length)} teams ${have === 1 ? "has" : "have"} rehearsed`;
}

/** Teams without a pitch to be seen whose pitch the viewer may begin: the change itself, run dry, says so. */
const useWritable = (teams: readonly string[]) =>
  useQuery({
    queryKey: ["RehearsalWritable", teams],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const may = async (teamId: string) => {
        try {
          const { savePitch } = await ask(SavePitch, { input: { teamId, slotSeconds: 420, idempotencyKey: newKey(), dryRun: true } }, signal);
          return savePitch.userErrors.length === 0 ? [teamId] : [];
        } catch (e) {
          if (e instanceof Trouble && e.kind === "refused") return [];
          throw e;
        }
      };
      return (await Promise.all(teams.map(may))).flat();
    },
  });

/** The teams whose pitches the viewer may see or begin. */
export function RehearseScreen() {
  const frame = useCohort();
  const go = useNavigate();
  const found = useAsk(RehearsalTeams, { cohort: frame.id });
  const all = found.data?.cohort?.teams?.nodes ?? [];
  const writable = useWritable(all.filter((t) => !t.pitch).map((t) => t.id));
  const teams = all.filter((t) => t.pitch || writable.data?.includes(t.id));
  useFindings(teams.map((t) => ({ title: `Team ${t.number}, ${t.name}: its pitch`, hint: "Rehearse", act: () => void go({ to: `/c/${frame.id}/rehearse/${t.id}` }) })));
  return (
    <Answer of={found} what="the teams">
      {() => teams.length === 0 && writable.isPending ? <Loading what="the pitches" /> : teams.length === 0
        ? <EmptyState title="No pitch that is yours to see"><p>A pitch, its rehearsals and their sound belong to their team alone; no coordinator, sponsor or judge reads them. They are here for the members of a team.</p></EmptyState>
        : (
          <>
            <Bar title={teamsSentence(teams)} />
            <ul className="rh-teams">{teams.map((t) => <Row key={t.id} team={t} cohort={frame.id} zone={frame.programme.timeZone} />)}</ul>
            <p className="cap pad">A pitch, its rehearsals and their sound belong to their team alone; no coordinator, sponsor or judge reads them.</p>
          </>
        )}
    </Answer>
  );
}

function Row({ team, cohort, zone }: { team: TeamRow; cohort: string; zone: string }) {
  const p = team.pitch;
  const last = p?.rehearsals.nodes[0];
  return (
    <li>
      <Link to={`/c/${cohort}/rehearse/${team.id}`}>
        <span className="rh-no">{team.number}</span>
        <span><b>{team.name}</b><span className="mid">{team.challenge?.title ?? "no challenge yet"}</span></span>
        <span>{team.sectors && <Tally {...team.sectors} />}</span>
        <span>{p ? `${minutes(p.slotSeconds * 1000)} slot, ${count(p.sections.length, "section")}${p.deck ? `, ${count(p.deck.slides, "slide")}` : ", no deck"}` : "no pitch yet"}</span>
        <span>{last ? <>run {last.number}{last.milliseconds != null ? `: ${minutes(last.milliseconds)}` : ""}, {last.state === "RUNNING" ? <span className="sig">broken off</span> : day(dateIn(last.startedAt, zone))}</> : p ? "no run yet" : ""}</span>
        <span className="r">{p?.forecast && <span className={p.forecast.overrun > 0.2 ? "sig" : undefined}>{percent(Math.round(p.forecast.overrun * 100))} to overrun</span>}</span>
      </Link>
    </li>
  );
}
