import { createContext, useContext } from "react";
import type { Nation } from "@/gql/graphql";

/** The cohort that the address names, with its programme: what every screen stands on. */
export interface CohortFrame {
  /** The cohort's id. */
  id: string;
  name: string;
  programme: {
    id: string;
    name: string;
    /** The day to count from, by the server's clock. */
    today: string;
    startsOn: string;
    endsOn: string;
    timeZone: string;
    officeNation: Nation;
    seats: { public: number; private: number };
    weeks: { number: number; startsOn: string; endsOn: string; bankHolidays: { date: string; name: string; nation: Nation }[] }[];
    milestones: { name: string; on: string }[];
  };
}

export const CohortContext = createContext<CohortFrame | null>(null);

/** The cohort of this screen. */
export function useCohort(): CohortFrame {
  const frame = useContext(CohortContext);
  if (!frame) throw new Error("useCohort is for screens inside a cohort.");
  return frame;
}
