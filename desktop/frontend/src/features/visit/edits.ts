import { useCallback, useState } from "react";
import type { Trouble } from "@/lib/graphql";
import { announce, useUndo } from "@/lib/keys";
import { useChange, type Refusal } from "@/lib/server";
import type { Board } from "./board";
import { readBoard } from "./data";
import { AddVisit, ExcludeOffer, MoveVisit, MoveVisitors, PinVisit, RemoveVisit } from "./documents";
import { layoutOf, nextDeeds, type Deed, type Layout } from "./history";

/** An edit that met one that somebody else had saved before. */
export interface Conflict {
  says: string;
  deed: Deed;
  /** The board on which the edit was made. */
  mine: Board;
  /** The board as it is now. */
  theirs: Board;
}

/** What became of an edit. */
export type Outcome = { kept: true } | { kept: false; errors: readonly Refusal[] };

interface Stamp {
  version: number;
}

/** Edits of a draft: each is one mutation, kept as a step that can be undone. */
export function useEdits(board: Board | null, show: (planId: string) => void) {
  const { did } = useUndo();
  const move = useChange(MoveVisit);
  const people = useChange(MoveVisitors);
  const add = useChange(AddVisit);
  const remove = useChange(RemoveVisit);
  const pin = useChange(PinVisit);
  const exclude = useChange(ExcludeOffer);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [errors, setErrors] = useState<readonly Refusal[]>([]);

  /** Sends one deed; answers the plan's new version, or why not. */
  const send = useCallback(
    async (planId: string, version: number, deed: Deed): Promise<{ plan: Stamp | null | undefined; errors: readonly Refusal[] }> => {
      const base = { expectedVersion: version, dryRun: false };
      switch (deed.do) {
        case "move": {
          const { moveVisit: a } = await move.make({ ...base, visitId: deed.visitId, startsAt: deed.startsAt, group: deed.group, alone: deed.alone ?? false, overrideReason: deed.reason });
          return { plan: a.plan, errors: a.userErrors };
        }
        case "people": {
          const { moveVisitors: a } = await people.make({ ...base, planId, enrolmentIds: deed.enrolmentIds, on: deed.on, toGroupId: deed.toGroupId, overrideReason: deed.reason });
          return { plan: a.plan, errors: a.userErrors };
        }
        case "add": {
          const { addVisit: a } = await add.make({ ...base, planId, offerId: deed.offerId, startsAt: deed.startsAt, groupId: deed.groupId ?? null, overrideReason: deed.reason });
          return { plan: a.plan, errors: a.userErrors };
        }
        case "remove": {
          const { removeVisit: a } = await remove.make({ ...base, visitId: deed.visitId });
          return { plan: a.plan, errors: a.userErrors };
        }
        case "pin": {
          const { pinVisit: a } = await pin.make({ ...base, visitId: deed.visitId, pinned: deed.pinned });
          return { plan: a.visit?.plan, errors: a.userErrors };
        }
        case "exclude": {
          const { excludeOffer: a } = await exclude.make({ ...base, planId, offerId: deed.offerId, reason: deed.reason });
          return { plan: a.plan, errors: a.userErrors };
        }
      }
    },
    [move, people, add, remove, pin, exclude],
  );

  /** Goes from the plan as it is to a layout that it had. */
  const restore = useCallback(
    async (planId: string, wanted: Layout): Promise<void> => {
      show(planId);
      for (let round = 0; round < 6; round++) {
        const now = await readBoard(planId);
        const deeds = nextDeeds(layoutOf(now), wanted);
        if (deeds.length === 0) return;
        let version = now.version;
        for (const deed of deeds) {
          const { plan, errors: refused } = await send(planId, version, deed);
          if (refused.length > 0) {
            // The step is given up: a released plan, for one, is edited no more.
            setErrors(refused);
            announce(refused[0]!.message);
            await readBoard(planId);
            return;
          }
          version = plan?.version ?? version + 1;
        }
      }
      await readBoard(planId);
    },
    [send, show],
  );

  const run = useCallback(
    async (says: string, deed: Deed, on: Board): Promise<Outcome> => {
      setErrors([]);
      let answer: { plan: Stamp | null | undefined; errors: readonly Refusal[] };
      try {
        answer = await send(on.id, on.version, deed);
      } catch (e) {
        const message = (e as Trouble).message;
        const refused = [{ field: [], message, code: "TROUBLE" }];
        setErrors(refused);
        return { kept: false, errors: refused };
      }
      if (answer.errors.length > 0) {
        if (answer.errors.some((e) => e.code === "STALE")) {
          setConflict({ says, deed, mine: on, theirs: await readBoard(on.id) });
        } else {
          setErrors(answer.errors);
          announce(answer.errors[0]!.message);
        }
        return { kept: false, errors: answer.errors };
      }
      const before = layoutOf(on);
      const after = layoutOf(await readBoard(on.id));
      did({ says, undo: () => restore(on.id, before), redo: () => restore(on.id, after) });
      announce(`${says}.`);
      return { kept: true };
    },
    [send, did, restore],
  );

  return {
    /** Makes an edit of the board on screen. */
    make: (says: string, deed: Deed): Promise<Outcome> =>
      board ? run(says, deed, board) : Promise.resolve({ kept: false, errors: [] }),
    conflict,
    /** Puts the conflict away; `again` makes the edit once more, on the plan as it now is. */
    settle: async (again: boolean) => {
      const c = conflict;
      setConflict(null);
      if (c && again) await run(c.says, c.deed, c.theirs);
    },
    errors,
    clear: () => setErrors([]),
    busy: move.busy || people.busy || add.busy || remove.busy || pin.busy || exclude.busy,
  };
}
export type Edits = ReturnType<typeof useEdits>;
