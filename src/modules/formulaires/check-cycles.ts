/** Things that depend on themselves, each as the loop of their ids; every node in at most one loop. Iterative: 10,000 fields in a row do not overflow. */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const loops: string[][] = []
  for (const start of edges.keys()) {
    const path: { readonly id: string; readonly next: Iterator<string> }[] = []
    const open = new Set<string>()
    const enter = (id: string) => {
      open.add(id)
      path.push({ id, next: (edges.get(id) ?? [])[Symbol.iterator]() })
    }
    if (!done.has(start)) enter(start)
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const { value, done: isLast } = last.next.next()
      if (isLast) {
        path.pop()
        open.delete(last.id)
        done.add(last.id)
      } else if (open.has(value)) {
        loops.push([...path.slice(path.findIndex(({ id }) => id === value)).map(({ id }) => id), value])
      } else if (edges.has(value) && !done.has(value)) enter(value)
    }
  }
  return loops
}
