const AU_PLUS = 1000

/**
 * What was counted a short while ago (`gardeMs`), by what was asked: for what chooses how to read and for « more than a thousand », never for what is read.
 * Bounded; the oldest goes first.
 */
export function souvenirs<Value>(gardeMs: number) {
  const kept = new Map<string, { readonly until: number; readonly value: Value }>()
  return {
    lire(key: string): Value | undefined {
      const found = kept.get(key)
      return found && found.until > performance.now() ? found.value : undefined
    },
    garder(key: string, value: Value): void {
      kept.delete(key)
      kept.set(key, { until: performance.now() + gardeMs, value })
      for (const oldest of kept.keys()) {
        if (kept.size <= AU_PLUS) break
        kept.delete(oldest)
      }
    },
    oublier(key: string): void {
      kept.delete(key)
    },
    vider(): void {
      kept.clear()
    },
  }
}
