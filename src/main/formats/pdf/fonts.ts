import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The report's face, and whether it can write more than Western European letters. */
export interface ReportFonts { readonly regular: Buffer | string; readonly bold: Buffer | string; readonly text: (raw: string) => string }

const WESTERN: Readonly<Record<string, string>> = { '−': '-', '≥': '>=', '≤': '<=', 'κ': 'kappa', '≈': '~', '→': '->', '\u202f': ' ', '\u2009': ' ' }

/** Roboto, as on screen; the PDF's own Helvetica where that package was left out, with the few signs it lacks written out. */
export function reportFonts(): ReportFonts {
  try {
    const resolve = createRequire(import.meta.url).resolve
    const read = (weight: string): Buffer => readFileSync(resolve(`roboto-fontface/fonts/roboto/Roboto-${weight}.woff`))
    return { regular: read('Regular'), bold: read('Medium'), text: (raw) => raw }
  } catch {
    return { regular: 'Helvetica', bold: 'Helvetica-Bold', text: (raw) => raw.replace(/[−≥≤κ≈→\u202f\u2009]/g, (sign) => WESTERN[sign] ?? '?') }
  }
}
