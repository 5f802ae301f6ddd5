export function PeopleScreen() {
  return <p className="pad">In work.</p>;
}
