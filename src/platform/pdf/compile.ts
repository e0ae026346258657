import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'

/** A document could not be made: the compiler is absent on this machine, or the template and its data do not agree. An accident, for the log. */
export class PdfFailure extends Error {
  override name = 'PdfFailure'
}

// The part of the native module that is used; the platform package ships no types.
interface Compilation {
  readonly result: object | null
  takeError(): { readonly shortDiagnostics?: readonly { readonly message?: string }[] } | null
}
interface Compiler {
  compile(source: { mainFileContent: string; inputs: Record<string, string> }): Compilation
  pdf(document: object, options: { pdfStandard: string }): Uint8Array
  evictCache(maxAge: number): void
}
interface CompilerModule {
  readonly NodeCompiler: { create(options: { workspace: string; fontArgs: { fontBlobs: Buffer[] }[] }): Compiler }
}

// createRequire, not import: a native module cannot enter the bundle, and both are found from dist/ as from src/.
const require = createRequire(import.meta.url)
const family = '@expo-google-fonts/source-sans-3'

/** The fonts of every document (Source Sans 3, SIL Open Font License), as TTF bytes: regular first. */
export function documentFonts(): Buffer[] {
  const faces = [
    '400Regular/SourceSans3_400Regular',
    '400Regular_Italic/SourceSans3_400Regular_Italic',
    '600SemiBold/SourceSans3_600SemiBold',
  ]
  return faces.map(face => readFileSync(require.resolve(`${family}/${face}.ttf`)))
}

let warm: Compiler | undefined

/**
 * Compiles a Typst template into a PDF/UA-1 (ISO 14289-1), tagged and titled. The template reads its data by `json(bytes(sys.inputs.data))`:
 * it is never markup, whatever it holds. The compiler is kept warm (50 ms the first time, some 5 ms after) and works in the calling thread,
 * so one document at a time: call it from the worker. Throws PdfFailure with what the compiler says.
 */
export function compilePdf(template: string, data: unknown): Uint8Array {
  warm ??= createCompiler()
  try {
    const compilation = warm.compile({ mainFileContent: template, inputs: { data: JSON.stringify(data) } })
    if (!compilation.result) {
      const diagnostics = compilation.takeError()?.shortDiagnostics ?? []
      throw new PdfFailure(`Typst\u00a0: ${diagnostics.map(diagnostic => diagnostic.message).join(' ; ') || 'échec sans message'}`)
    }
    return warm.pdf(compilation.result, { pdfStandard: 'ua-1' })
  } catch (error) {
    throw error instanceof PdfFailure ? error : new PdfFailure(`Typst\u00a0: ${(error as Error).message}`, { cause: error })
  } finally {
    warm.evictCache(10) // what ten documents have not used again: the cache would grow with every text ever printed
  }
}

function createCompiler(): Compiler {
  const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
  let typst: CompilerModule
  try {
    typst = require(`@myriaddreamin/typst-ts-node-compiler-${platform}`) as CompilerModule
  } catch (error) {
    throw new PdfFailure(
      `Aucun compilateur de documents PDF n’est installé pour cette machine (${platform})\u00a0: relancez npm ci, ou utilisez Linux x64 ou arm64 (glibc).`,
      {
        cause: error,
      },
    )
  }
  return typst.NodeCompiler.create({ workspace: tmpdir(), fontArgs: [{ fontBlobs: documentFonts() }] })
}
