import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { useCohort } from "@/lib/cohort";
import { ask, type Trouble } from "@/lib/graphql";
import { client, keyOf, useAsk } from "@/lib/server";
import { offerOf, type Board, type Exposure, type LeftOut, type Offer } from "./board";
import { PlannerBoard, PlannerExposures, PlannerLeft, PlannerOffers, PlannerPlans } from "./documents";

/** The cohort's plans, newest first, and its teams. */
export const usePlans = (cohort: string) => useAsk(PlannerPlans, { cohort });

/** The plan's board; the one before stays until it is there. */
export const useBoard = (plan: string | null) => useAsk(PlannerBoard, { plan: plan ?? "" }, { when: plan !== null });

/** Asks for the board now, whatever the cache holds, and puts it on screen. */
export async function readBoard(plan: string): Promise<Board> {
  const data = await ask(PlannerBoard, { plan });
  client.setQueryData(keyOf(PlannerBoard, { plan }), data);
  if (!data.visitPlan) throw new Error("The plan is not there any more.");
  return data.visitPlan;
}

/** The board with everything that it leaves out: the first hundred come with it, the rest page by page. */
export function useWhole(board: Board | null): Board | null {
  const more = board?.left.pageInfo.hasNextPage ?? false;
  const rest = useQuery<LeftOut[], Trouble>({
    queryKey: ["PlannerLeft", board?.id, board?.version],
    enabled: more,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const all: LeftOut[] = [];
      for (let after: string | null = board!.left.pageInfo.endCursor ?? null; ; ) {
        const page: Awaited<ReturnType<typeof left1>> = await left1(board!.id, after, signal);
        all.push(...page.nodes);
        if (!page.pageInfo.hasNextPage) return all;
        after = page.pageInfo.endCursor ?? null;
      }
    },
  });
  return useMemo(
    () => (board && more && rest.data ? { ...board, left: { ...board.left, nodes: [...board.left.nodes, ...rest.data] } } : board),
    [board, more, rest.data],
  );
}
const left1 = async (plan: string, after: string | null, signal: AbortSignal) =>
  (await ask(PlannerLeft, { plan, after }, signal)).visitPlan?.left ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** Everybody's exposure, all pages. */
export function usePeople(plan: string | null): UseQueryResult<Exposure[], Trouble> {
  return useQuery<Exposure[], Trouble>({
    queryKey: ["PlannerExposures", plan],
    enabled: plan !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const all: Exposure[] = [];
      for (let after: string | null = null; ; ) {
        const page: Awaited<ReturnType<typeof page1>> = await page1(plan!, after, signal);
        all.push(...page.nodes);
        if (!page.pageInfo.hasNextPage) return all;
        after = page.pageInfo.endCursor ?? null;
      }
    },
  });
}
const page1 = async (plan: string, after: string | null, signal: AbortSignal) =>
  (await ask(PlannerExposures, { plan, after }, signal)).visitPlan?.exposures ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** The programme's open offers by id, all pages. */
export function useOffers(): ReadonlyMap<string, Offer> {
  const { programme } = useCohort();
  const found = useQuery({
    queryKey: ["PlannerOffers", programme.id],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const all: Offer[] = [];
      for (let after: string | null = null; ; ) {
        const page: Awaited<ReturnType<typeof offers1>> = await offers1(programme.id, after, signal);
        all.push(...page.nodes.map((o) => offerOf(o, programme.timeZone)));
        if (!page.pageInfo.hasNextPage) return all;
        after = page.pageInfo.endCursor ?? null;
      }
    },
  });
  return useMemo(() => new Map((found.data ?? []).map((o) => [o.id, o])), [found.data]);
}
const offers1 = async (programme: string, after: string | null, signal: AbortSignal) =>
  (await ask(PlannerOffers, { programme, after }, signal)).programme?.offers ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
