export function HomeScreen() {
  return <p className="pad">In work.</p>;
}
