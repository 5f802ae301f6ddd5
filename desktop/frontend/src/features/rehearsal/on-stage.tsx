export { StageScreen } from "./stage";
