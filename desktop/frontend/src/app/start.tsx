import { Navigate } from "@tanstack/react-router";
import { graphql } from "@/gql";
import { useAsk, useNeedsToken } from "@/lib/server";
import { Loading, TroubleNote } from "@/ui/state";
import { TokenScreen } from "./token";

const Programmes = graphql(`
  query Programmes {
    programmes(first: 20) {
      nodes { id name startsOn endsOn state cohorts(first: 20) { nodes { id name } } }
    }
  }
`);

/** Opens the only cohort, lets one choose among several, and begins a programme where there is none. */
export function Start() {
  const found = useAsk(Programmes, {});
  const needsToken = useNeedsToken();
  if (needsToken) return <TokenScreen />;
  if (found.error) return <div className="pad"><TroubleNote trouble={found.error} /></div>;
  if (!found.data) return <Loading what="the programmes" />;
  const only = found.data.programmes.nodes.flatMap((p) => p.cohorts.nodes)[0];
  return only ? <Navigate to={`/c/${only.id}/home`} replace /> : <p>No programme yet</p>;
}
