// Solves mixed-integer linear programmes with HiGHS, one after the other. A line in is the path of a programme in CPLEX's
// LP format; a line out is a JSON object: its optimum (null where it was not proved within a gap of less than one unit),
// and the seconds that solving took, by the clock and of the processor. The path in the argument is solved first and not
// answered but by an empty object, so that what is measured afterwards has been compiled.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import load from 'highs'

const highs = await load()

function solve(path) {
  const programme = readFileSync(path, 'utf8')
  const before = process.cpuUsage()
  const begun = performance.now()
  const { Status, ObjectiveValue } = highs.solve(programme, { mip_rel_gap: 0, mip_abs_gap: 0.9 })
  const clock = (performance.now() - begun) / 1e3
  const { user, system } = process.cpuUsage(before)
  return { optimum: Status === 'Optimal' ? Math.round(ObjectiveValue) : null, clock, cpu: (user + system) / 1e6 }
}

solve(process.argv[2])
console.log('{}')
for await (const path of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(solve(path)))
}
