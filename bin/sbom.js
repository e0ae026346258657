#!/usr/bin/env node
// npm run sbom [-- file]: the software bill of materials of the lockfile, CycloneDX 1.6, in parvis.cdx.json. Offline.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
const { lireVerrou } = await import('../test/chaine/verrou.ts')
const { nomenclature } = await import('../test/chaine/sbom.ts')
const path = process.argv[2] ? resolve(process.argv[2]) : resolve(root, 'parvis.cdx.json')
const bom = nomenclature(lireVerrou())
writeFileSync(path, `${JSON.stringify(bom, null, 2)}\n`)
console.log(`${bom.components.length} paquets : ${path}`)
