export function ChallengesScreen() {
  return <p className="pad">In work.</p>;
}
