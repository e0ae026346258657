import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import * as asn1js from 'asn1js'
import forge from 'node-forge'
import * as pkijs from 'pkijs'
import { addSignatureField, withSignature } from './signature-field.ts'

/** An electronic seal that cannot be used: the sentence says why, in French, for who operates the service. */
export class SealError extends Error {
  override name = 'SealError'
}

/** The electronic seal of the installation, opened. */
export interface Seal {
  /** Who seals, as the certificate names them. */
  readonly name: string
  /** After this instant it seals nothing. */
  readonly notAfter: Date
  /**
   * Seals a PDF at PAdES level B-B (ETSI EN 319 142-1): a detached CMS (RFC 5652) over every byte but its own, with the certificate bound by
   * signing-certificate-v2 (RFC 5035). Throws SealError once the certificate is out of date.
   */
  seal(pdf: Uint8Array, now: Date): Promise<Buffer>
}

interface Opened {
  readonly key: KeyObject
  /** The certificate of the key first, then those that lead to its authority. */
  readonly certificates: readonly X509Certificate[]
}

/**
 * Opens a PKCS#12 file (RFC 7292). Refuses (SealError) a file that is not one, a wrong password, a key without its certificate, a kind of key other
 * than RSA or an elliptic curve P-256, P-384 or P-521, and a certificate out of its dates.
 */
export function openSeal(file: Buffer, password: string, now: Date): Seal {
  const opened = readPkcs12(file, password)
  const [own] = opened.certificates
  if (!own) throw new SealError('ce fichier ne contient aucun certificat')
  algorithmOf(opened.key)
  const [notBefore, notAfter] = [new Date(own.validFrom), new Date(own.validTo)]
  const check = (at: Date) => {
    if (at > notAfter)
      throw new SealError(`le certificat a expiré le ${inWords(notAfter)}. Demandez-en un nouveau à votre prestataire de confiance`)
    if (at < notBefore) throw new SealError(`le certificat ne sera valable que le ${inWords(notBefore)}`)
  }
  check(now)
  const name = nameOf(own)
  return {
    name,
    notAfter,
    async seal(pdf, at) {
      check(at)
      const room = 4096 + opened.certificates.reduce((sum, { raw }) => sum + raw.length, 0)
      const unsigned = addSignatureField(pdf, { name, reason: `Document scellé par ${name}`, at, room })
      return withSignature(unsigned, await signatureOf(opened, Buffer.concat([unsigned.before, unsigned.after])))
    },
  }
}

const inWords = (day: Date) => new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(day)

// The subject is one « KEY=value » a line (RFC 4514 values, backslashes apart).
function nameOf({ subject }: X509Certificate): string {
  const values = new Map(subject.split('\n').map(line => line.split(/=(.*)/s).slice(0, 2) as [string, string]))
  return (values.get('CN') ?? values.get('O') ?? subject).replace(/\\(.)/g, '$1')
}

function readPkcs12(file: Buffer, password: string): Opened {
  let box: forge.pkcs12.Pkcs12Pfx
  try {
    box = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('latin1')), false, password)
  } catch (error) {
    const isPassword = /password|MAC could not be verified|decrypt/i.test((error as Error).message)
    throw new SealError(isPassword ? 'le mot de passe n’ouvre pas ce fichier' : 'ce fichier n’est pas un PKCS#12 (.p12 ou .pfx) lisible', {
      cause: error,
    })
  }
  const bags = (type: string | undefined) => (type ? (box.getBags({ bagType: type })[type] ?? []) : [])
  const der = (node: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
  const { certBag = '', keyBag = '', pkcs8ShroudedKeyBag = '' } = forge.pki.oids
  // What forge does not know itself (elliptic curves) comes back as it was, in `asn1`.
  const certificates = bags(certBag).map(({ cert, asn1 }) => new X509Certificate(der(cert ? forge.pki.certificateToAsn1(cert) : asn1)))
  const [keyed] = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)]
  if (!keyed) throw new SealError('ce fichier ne contient pas de clé privée')
  const info = keyed.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(keyed.key)) : keyed.asn1
  const key = createPrivateKey({ key: der(info), format: 'der', type: 'pkcs8' })
  const own = certificates.find(certificate => certificate.checkPrivateKey(key))
  if (!own) throw new SealError('ce fichier ne contient pas le certificat de sa clé')
  return { key, certificates: [own, ...certificates.filter(other => other !== own)] }
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }

function algorithmOf(key: KeyObject): RsaHashedImportParams | EcKeyImportParams {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  if (key.asymmetricKeyType === 'ec' && namedCurve) return { name: 'ECDSA', namedCurve }
  throw new SealError('cette clé n’est ni RSA ni une courbe P-256, P-384 ou P-521')
}

async function signatureOf({ key, certificates }: Opened, covered: Buffer): Promise<Buffer> {
  const chain = certificates.map(({ raw }) => pkijs.Certificate.fromBER(raw))
  const own = chain[0]!
  const attributes = [
    new pkijs.Attribute({ type: '1.2.840.113549.1.9.3', values: [new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.7.1' })] }),
    new pkijs.Attribute({ type: '1.2.840.113549.1.9.4', values: [octets(sha256(covered))] }),
    new pkijs.Attribute({ type: '1.2.840.113549.1.9.16.2.47', values: [signingCertificate(certificates[0]!.raw)] }),
  ]
  // A SET OF is written in the order of its encodings (X.690 §11.6): what is hashed is what is sent.
  const encoded = (attribute: pkijs.Attribute) => Buffer.from(attribute.toSchema().toBER())
  attributes.sort((a, b) => Buffer.compare(encoded(a), encoded(b)))
  const data = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: '1.2.840.113549.1.7.1' }),
    certificates: chain,
    signerInfos: [
      new pkijs.SignerInfo({
        version: 1,
        sid: new pkijs.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
        signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes }),
      }),
    ],
  })
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
  const imported = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithmOf(key), false, ['sign'])
  await data.sign(imported, 0, 'SHA-256', new Uint8Array(covered).buffer)
  const content = new pkijs.ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: data.toSchema(true) })
  return Buffer.from(content.toSchema().toBER())
}

// SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: SHA-256 is its default and is not written.
const signingCertificate = (certificate: Buffer) =>
  new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [octets(sha256(certificate))] })] })] })

const octets = (bytes: Buffer) => new asn1js.OctetString({ valueHex: new Uint8Array(bytes).buffer })
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()
