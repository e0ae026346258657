export { type ClamdAddress, ScannerUnavailable } from './clamd.ts'
export { resealCollectiviteKey } from './collectivite-key.ts'
export { inspectFile } from './inspect.ts'
export { acceptAttribute, acceptedTypesSentence } from './kinds.ts'
export { type ReceivedFile, receiveFile } from './receive.ts'
export {
  destroyFile,
  type FileAddress,
  type FileState,
  type FileSummary,
  filesOf,
  type OpenedFile,
  openFile,
  recordFile,
  recordGenerated,
  StorageFailure,
  storeGenerated,
  type WrittenBytes,
  writeGenerated,
} from './records.ts'
export { type FileStore, type FileStoreOptions, openFileStore } from './store.ts'
export { type Sweep, sweepOrphans } from './sweep.ts'
