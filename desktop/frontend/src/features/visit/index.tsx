export function PlannerScreen() {
  return <p className="pad">In work.</p>;
}
export function CompareScreen() {
  return <p className="pad">In work.</p>;
}
