export { RehearseScreen } from "./teams";
export { PitchScreen } from "./pitch";
export { RunScreen } from "./run-page";
export { CompareRunsScreen } from "./compare-runs";
