export function ImportScreen() {
  return <p className="pad">In work.</p>;
}
