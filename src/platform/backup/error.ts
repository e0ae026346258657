/** A backup that cannot be made, read or restored: the message says in French what is wrong and what to do. */
export class BackupError extends Error {
  override name = 'BackupError'
}

/** What to throw for an error: the sentence of a full disk when it is one, itself otherwise. */
export function saidOfDisk(error: unknown, where: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === '53100'
  if (!isFull) return error
  return new BackupError(`Le disque est plein (${where}). Libérez de la place, puis recommencez. Rien d’incomplet n’est gardé.`, {
    cause: error,
  })
}
