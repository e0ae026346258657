import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** The log: lines of JSON on the error output. No personal data: ids, codes, durations. */
export type Log = Logger

/** Opens the log at the level that the configuration asks for. */
export function openLog(level: Config['logLevel'], processName: string): Log {
  return pino(
    {
      name: processName,
      level: { silencieux: 'silent', normal: 'warn', bavard: 'debug' }[level],
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      serializers: { err: safeError },
    },
    pino.destination(2),
  )
}

// Stack and code, never the parameters of a statement nor the row that a constraint quotes: they hold what people typed.
function safeError(error: unknown): object {
  const e = error as Error & { code?: string; table?: string; constraint?: string; cause?: unknown }
  return {
    type: e.name,
    code: e.code,
    table: e.table,
    constraint: e.constraint,
    stack: e.stack
      ?.split('\n')
      .slice(1, 8)
      .map(line => line.trim()),
    message: e.code && /^[0-9A-Z]{5}$/.test(e.code) ? `SQLSTATE ${e.code}` : e.message?.slice(0, 300),
    cause: e.cause ? safeError(e.cause) : undefined,
  }
}
