// Writes an export apart from the process that serves: its answers are opened, read by column, written and compressed here.
import { workerData } from 'node:worker_threads'
import { give, piecesOf } from '../../../platform/export/fed.ts'
import { type Demande, ecrireLots, type LotLu } from './ecrire.ts'

let rank = 0
await give(ecrireLots(workerData as Demande, () => piecesOf<LotLu>(rank++)))
