// Makes an archive apart from the process that serves: the sums and the compression were a third of its time, and everybody else waited for them.
import { workerData } from 'node:worker_threads'
import type { Head } from './apart.protocol.ts'
import { archive } from './archive.ts'
import { give, piecesOf } from './fed.ts'

await give(archive((workerData as readonly Head[]).map((head, rank) => ({ ...head, bytes: () => piecesOf<Uint8Array>(rank) }))))
