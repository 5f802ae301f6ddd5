export { StageScreen } from "./stage";
export { AudienceScreen } from "./audience-screen";
