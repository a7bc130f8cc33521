import { describe, expect, it } from 'vitest'
import { manifestText, readManifest } from '#main/services/cases/manifest.ts'

const SLN = { column: 'sln', positive: '1' }
const read = (text: string | Uint8Array) => readManifest(manifestText(typeof text === 'string' ? new TextEncoder().encode(text) : text), SLN as Parameters<typeof readManifest>[1])

describe('the text of a manifest', () => {
  it('is UTF-8 with or without a mark, of any line ends, with commas, semicolons or tabs', () => {
    for (const [separator, end] of [[',', '\n'], [';', '\r\n'], ['\t', '\r']] as const) {
      const lines = [['case_id', 'patient_id', 'image', 'hospital', 'sln', 'own column'], ['1', 'P1', 'a.png', 'Klinik Süd', '1', '"a, b; c"']]
      const { rows, refused } = read(`\uFEFF${lines.map((l) => l.join(separator)).join(end)}${end}`)
      expect({ end, refused }).toEqual({ end, refused: [] })
      expect(rows[0]).toMatchObject({ row: 2, caseId: '1', hospital: 'Klinik Süd', outcome: 1, variables: { 'own column': 'a, b; c' } })
    }
  })

  it('of another encoding is refused, with what to do: a guess would store wrong names', () => {
    expect(() => read(Uint8Array.from(Buffer.from('case_id,patient_id,image,hospital\n1,P1,a.png,Klinik S\u00fcd\n', 'latin1')))).toThrow(/not UTF-8 text; nothing was imported\. Save it as UTF-8/)
    expect(() => read(Uint8Array.from(Buffer.from('\uFEFFcase_id,patient_id,image\n', 'utf16le')))).toThrow(/not UTF-8/)
  })

  it('may have no rows; without a line it is none', () => {
    expect(read('case_id,patient_id,image\n')).toEqual({ rows: [], refused: [] })
    expect(() => read('')).toThrow('the manifest is empty')
    expect(() => read('name,file\nx,y\n')).toThrow('lacks the columns case_id, patient_id, image; nothing was imported')
  })
})
