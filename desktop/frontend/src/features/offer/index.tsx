export function OffersScreen() {
  return <p className="pad">In work.</p>;
}
