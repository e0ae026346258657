import { Worker } from 'node:worker_threads'

/** Bytes to put in a message: alone, because a message copies the whole buffer in which they are seen. */
export const alone = (bytes: Uint8Array): Uint8Array => (bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes))

/**
 * Starts the thread `name` (a file `name.ts` beside the caller, whose `import.meta.url` is given; `name.js` once built, bin/build.js) with its
 * `workerData`.
 */
export function startThread(beside: string, name: string, workerData: unknown): Worker {
  const isBuilt = beside.includes('/dist/')
  // Run from the sources, as tests do, its pages in JSX must be read too.
  return new Worker(new URL(`${name}.${isBuilt ? 'js' : 'ts'}`, beside), { workerData, execArgv: isBuilt ? [] : ['--import', 'tsx'] })
}
