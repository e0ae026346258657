import { existsSync, readFileSync } from 'node:fs'
import { qrSvg } from '../qr.ts'
import { compilePdf } from './compile.ts'
import { missingMark, printableData } from './printable.ts'

/** A part of a letter. Texts are plain; a line end in them is a line end on the paper. */
export type Bloc =
  | { readonly type: 'titre'; readonly texte: string }
  | { readonly type: 'paragraphe'; readonly texte: string }
  | { readonly type: 'liste'; readonly elements: readonly string[] }
  | { readonly type: 'definitions'; readonly elements: readonly { readonly cle: string; readonly valeur: string }[] }
  | { readonly type: 'encadre'; readonly titre?: string; readonly texte: string }
  | { readonly type: 'tableau'; readonly entetes: readonly string[]; readonly lignes: readonly (readonly string[])[] }

/** An administrative letter. */
export interface Courrier {
  readonly titre: string
  readonly emetteur: {
    readonly nom: string
    readonly lignes: readonly string[]
    readonly telephone?: string | undefined
    readonly courriel?: string | undefined
    /** Six hexadecimal digits, with or without `#`. */
    readonly couleur?: string | undefined
  }
  readonly destinataire: { readonly nom: string; readonly lignes: readonly string[] }
  readonly lieuEtDate: string
  readonly reference?: string | undefined
  readonly blocs: readonly Bloc[]
  readonly signature?:
    | {
        readonly qualite: string
        readonly nom?: string | undefined
        /** PNG: a handwritten signature, printed above the name. */
        readonly image?: Uint8Array | undefined
      }
    | undefined
  /** The words that say what seals the document. */
  readonly sceau?: string | undefined
  /** Where the document can be verified, by whom holds the paper: an address, its QR code, a code to type. */
  readonly verification?: { readonly page: string; readonly code: string } | undefined
  readonly piedDePage: string
  /** Prints « SPÉCIMEN » across every page: a document that was not issued. */
  readonly specimen?: boolean | undefined
  /** Prints « DÉMONSTRATION – document fictif sans valeur » on every page. */
  readonly demonstration: boolean
}

const ink = '1f2a44'

/**
 * The letter as an A4 PDF/UA-1 in French, its address in the window of a DL envelope (NF Z 10-011). Throws PdfFailure; TypeError when a table has rows of several widths.
 */
export function courrierPdf(courrier: Courrier): Uint8Array {
  for (const bloc of courrier.blocs) {
    if (bloc.type === 'tableau' && bloc.lignes.some(ligne => ligne.length !== bloc.entetes.length))
      throw new TypeError('tableau: rows and headings differ in width')
  }
  const couleur = /^#?([0-9a-f]{6})$/i.exec(courrier.emetteur.couleur ?? '')?.[1] ?? ink
  const { image, ...signature } = courrier.signature ?? {}
  const text = printableData({ ...courrier, signature: courrier.signature && signature })
  const lacks = JSON.stringify(text).includes(missingMark) && !JSON.stringify(courrier).includes(missingMark)
  const note = lacks
    ? `${missingMark} remplace un caractère qui ne peut pas être imprimé\u00a0; il est conservé dans le dossier.`
    : undefined
  // PDF/UA refuses an empty heading, and a title of nothing but what cannot be printed is one.
  const titre = text.titre.trim() || 'Courrier'
  const blocs = text.blocs.filter(bloc => bloc.type !== 'titre' || bloc.texte.trim() !== '')
  return compilePdf(template(), {
    ...text,
    titre,
    blocs,
    note,
    couleur,
    encre: isReadableOnWhite(couleur) ? couleur : ink,
    avertissement: avertissementDe(courrier),
    image: image && [...image],
    qr: courrier.verification && qrSvg(`${courrier.verification.page}/${courrier.verification.code}`),
  })
}

function avertissementDe({ specimen, demonstration }: Courrier): string | undefined {
  if (specimen) return 'SPÉCIMEN – ce document n’a pas été émis'
  return demonstration ? 'DÉMONSTRATION – document fictif sans valeur' : undefined
}

let read: string | undefined

// Beside this file in src/, beside the bundle in dist/ when the build copies it, else in src/ next to dist/.
function template(): string {
  if (read === undefined) {
    const places = ['./courrier.typ', '../src/platform/pdf/courrier.typ'].map(place => new URL(place, import.meta.url))
    read = readFileSync(places.find(place => existsSync(place)) ?? places[0]!, 'utf8')
  }
  return read
}

// WCAG 2.2 §1.4.3: 4.5 to 1 for text. A pale colour of a commune stays in the band and leaves the letters.
function isReadableOnWhite(hex: string): boolean {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(at => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5
}
