import { mkdir, readdir } from 'node:fs/promises'
import { type Clock, systemClock } from '../clock.ts'
import type { ClamdAddress } from './clamd.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { type MasterKeys, readMasterKeys } from './keys.ts'

export interface FileStoreOptions {
  /** Where the encrypted files lie, one folder a collectivité. Made when absent. */
  readonly folder: string
  /** The file of the master key, outside the database and outside `folder`, so that a copy of either opens nothing. */
  readonly masterKeyPath: string
  /** The most bytes of one file; 20 MiB when not given. */
  readonly maxBytes?: number
  /** The antivirus. When absent each file says that none was configured. */
  readonly clamd?: ClamdAddress
  readonly clock?: Clock
  readonly disk?: Disk
}

/** An open store: plain data, nothing to close. */
export interface FileStore {
  readonly folder: string
  readonly masterKeys: MasterKeys
  readonly maxBytes: number
  readonly clamd: ClamdAddress | undefined
  readonly clock: Clock
  readonly disk: Disk
}

/**
 * Opens the store. The master key is generated only while no encrypted file exists: making a new one later would hide
 * that every document has become unreadable. Throws in French when the key is absent, open to others or ill-written.
 */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  const { folder, masterKeyPath, maxBytes = 20 * 1024 * 1024, clamd, clock = systemClock, disk = nodeDisk } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const isEmpty = (await readdir(folder)).length === 0
  const masterKeys = await readMasterKeys(masterKeyPath, isEmpty)
  return { folder, masterKeys, maxBytes, clamd, clock, disk }
}
