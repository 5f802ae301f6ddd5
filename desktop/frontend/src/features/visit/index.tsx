import "./planner.css";
export { PlannerScreen } from "./planner";
export { CompareScreen } from "./compare";
