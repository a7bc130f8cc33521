import dcmjs from 'dcmjs'
import { describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { planRedaction, redactPixels } from '#main/formats/dicom/deidentify/burnedIn.ts'
import { deidentify, type Deidentified } from '#main/formats/dicom/deidentify/deidentify.ts'
import { KEEP_LIST } from '#main/formats/dicom/deidentify/keepList.ts'
import { BASIC_PROFILE } from '#main/formats/dicom/deidentify/profile.ts'
import { createPseudonyms } from '#main/formats/dicom/deidentify/pseudonyms.ts'
import { openDicomBytes } from '#main/formats/dicom/read/openDicom.ts'
import { encodePart10 } from '#main/formats/dicom/write/encode.ts'
import type { Elements, Vr, WriteElement } from '#main/formats/dicom/write/elements.ts'
import { pattern, region, usElements, usFile } from '#test/support/dicomFiles.ts'

const pseudonyms = createPseudonyms(Buffer.from('a study secret of thirty-two byte'))
const pixels = pattern(16, 16, 1)
const run = (extra: Elements): Deidentified & { bytes: Buffer } => {
  const image = unwrap(openDicomBytes(encodePart10({ ...usElements({ pixels }), ...extra })))
  const result = deidentify(image.dataset, { pseudonyms, subject: 'SLN-0042', pixelsCleaned: true })
  return { ...result, bytes: encodePart10(result.elements) }
}

const dictionary = dcmjs.data.DicomMetaDictionary.dictionary
const vrOf = (tag: string): string => dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`]?.vr ?? 'LO'

/** A value of the attribute's VR with something in it to look for. */
function planted(tag: string): { element: WriteElement; secret: string } | null {
  const vr = vrOf(tag)
  const secret = `Zq${tag}`
  switch (vr) {
    case 'SQ': return { element: ['SQ', [{ '00080104': ['LO', secret], '00100010': ['PN', secret] }]], secret }
    case 'UI': { const uid = `1.2.3.99.${Number.parseInt(tag, 16)}`; return { element: ['UI', uid], secret: uid } }
    case 'DA': return { element: ['DA', '19871123'], secret: '19871123' }
    case 'TM': return { element: ['TM', '134759.123'], secret: '134759' }
    case 'DT': return { element: ['DT', '19871123134759'], secret: '19871123' }
    case 'AS': return { element: ['AS', '099Y'], secret: '099Y' }
    case 'DS': case 'IS': return { element: [vr, '987654'], secret: '987654' }
    case 'US': case 'SS': case 'UL': case 'FL': case 'FD': return { element: [vr, 43981], secret: '' }
    case 'OB': case 'OW': case 'UN': case 'ox': return { element: ['OB', Buffer.from(secret)], secret }
    case 'CS': return { element: ['CS', secret.toUpperCase()], secret: secret.toUpperCase() }
    default: return { element: [vr as Vr, secret], secret }
  }
}

describe('the basic profile of PS3.15, attribute by attribute', () => {
  const tags = [...BASIC_PROFILE.keys()].filter((tag) => !tag.startsWith('0000') && !tag.startsWith('0002') && !tag.startsWith('0004') && !tag.startsWith('FFF'))

  test('the table holds what it should', () => {
    expect(BASIC_PROFILE.size).toBeGreaterThan(400)
    expect(['00100010', '00100020', '00080018', '00081155', '00104000', '00185011'].map((tag) => BASIC_PROFILE.get(tag))).toEqual(['Z', 'Z', 'U', 'U', 'X', 'X'])
  })

  test.each(tags)('%s', (tag) => {
    const plant = planted(tag)
    if (!plant) throw new Error(`nothing to plant in ${tag}`)
    const { elements, bytes, preview } = run({ [tag]: plant.element })
    if (plant.secret) expect(bytes.includes(plant.secret)).toBe(false)
    const fate = preview.find((p) => p.tag === tag)
    expect(fate?.fate).not.toBe('kept')
    expect(fate?.now ?? '').not.toContain(plant.secret || 'never')
    const left = elements[tag]?.[1]
    const action = BASIC_PROFILE.get(tag)
    if (left !== undefined && left !== '') expect([`${action}`, fate?.fate]).toEqual([tag.startsWith('0010') ? 'Z' : action, fate?.fate === 'shifted' ? 'shifted' : 'replaced'])
  })
})

test('nothing in the keep list stands in the table', () => {
  expect(Object.keys(KEEP_LIST).filter((tag) => BASIC_PROFILE.has(tag))).toEqual([])
})

test('the VRs of the keep list are those of the standard', () => {
  for (const [tag, vr] of Object.entries(KEEP_LIST)) expect([tag, vrOf(tag)]).toEqual([tag, vr])
})

test('what the keep list does not name goes, private and graphic groups too', () => {
  const { elements, preview } = run({
    '00091010': ['LO', 'private words'], '00090010': ['LO', 'MAKER'], '60003000': ['OW', new Uint8Array(32)], '50003000': ['OW', new Uint8Array(8)],
    '00181251': ['SH', 'coil'], '00189004': ['CS', 'PRODUCT'],
  })
  for (const tag of ['00091010', '00090010', '60003000', '50003000', '00181251', '00189004']) {
    expect(elements[tag]).toBeUndefined()
    expect(preview.find((p) => p.tag === tag)).toMatchObject({ fate: 'removed', now: null })
  }
})

test('what analysis needs stays', () => {
  const { elements } = run({ '00186011': ['SQ', [region({ box: [1, 2, 14, 13], delta: [0.01, -0.02] })]], '00200062': ['CS', 'R'], '00181063': ['DS', '33.3'] })
  expect(elements['00081090']).toEqual(['LO', ['Model 5']])
  expect(elements['00200062']).toEqual(['CS', ['R']])
  expect(elements['00181063']).toEqual(['DS', [33.3]])
  expect((elements['00186011']?.[1] as Elements[])[0]).toMatchObject({ '0018602C': ['FD', [0.01]], '0018602E': ['FD', [-0.02]], '0018601C': ['UL', [14]] })
  expect(elements['00280010']).toEqual(['US', [16]])
})

test('words of a name in a field that would stay take the field with them', () => {
  const { elements, bytes } = run({ '00081090': ['LO', 'Room of NORA'], '00080070': ['LO', 'planted-id-77 systems'], '00200060': ['CS', 'PLANTED'] })
  expect([elements['00081090'], elements['00080070'], elements['00200060']]).toEqual([undefined, undefined, undefined])
  expect(bytes.toString('latin1')).not.toMatch(/nora|planted/i)
})

test('words hidden in number fields do not pass', () => {
  expect(run({ '00181063': ['DS', 'Nora Planted'], '00200013': ['IS', '5 \\ Nora'] }).bytes.toString('latin1')).not.toContain('Nora')
})

describe('pseudonyms', () => {
  test('UIDs: the same for the same, valid, another for another secret', () => {
    const uid = pseudonyms.uid('1.2.3')
    expect(uid).toMatch(/^2\.25\.\d{1,39}$/)
    expect([pseudonyms.uid('1.2.3 '), pseudonyms.uid('1.2.4') === uid]).toEqual([uid, false])
    expect(createPseudonyms(Buffer.from('another secret, thirty-two bytes')).uid('1.2.3')).not.toBe(uid)
  })

  test('dates of a patient keep their distances; patients move apart', () => {
    const days = (a: string, b: string): number => (Date.parse(b.replace(/(....)(..)(..)/, '$1-$2-$3')) - Date.parse(a.replace(/(....)(..)(..)/, '$1-$2-$3'))) / 86_400_000
    const [first, second] = ['20200227', '20200302'].map((d) => pseudonyms.shiftDate(d, 'P1') ?? '')
    expect(days(first as string, second as string)).toBe(4)
    expect(first).not.toBe('20200227')
    expect(new Set(Array.from({ length: 50 }, (_, i) => pseudonyms.dayShift(`P${i}`))).size).toBeGreaterThan(45)
    expect(['20200230', '2020', 'x', '18000101'].map((d) => pseudonyms.shiftDate(d, 'P1'))).toEqual([null, null, null, null])
  })

  test('a short secret is refused', () => expect(() => createPseudonyms(Buffer.from('short'))).toThrow())
})

test('the result is a DICOM dataset that says what was done', () => {
  const { elements } = run({})
  expect(elements['00120062']).toEqual(['CS', 'YES'])
  expect((elements['00120064']?.[1] as Elements[]).map((item) => item['00080100']?.[1])).toEqual(['113100', '113107', '113101'])
  expect([elements['00100010']?.[1], elements['00100020']?.[1], elements['00100030']?.[1]]).toEqual(['SLN-0042', 'SLN-0042', ''])
})

describe('text in the picture', () => {
  const facts = { columns: 16, rows: 16, manufacturer: 'Testmaker', model: 'Model 5' }
  const plan = (extra: Elements, templates = [] as Parameters<typeof planRedaction>[2]): ReturnType<typeof planRedaction> =>
    planRedaction(unwrap(openDicomBytes(usFile({ pixels, extra }))).dataset, facts, templates)
  const box = (x0: number, y0: number, x1: number, y1: number): Elements => region({ box: [x0, y0, x1, y1], delta: [0.01, 0.01] })

  test('everything outside the regions is blacked', () => {
    const p = plan({ '00186011': ['SQ', [box(2, 3, 5, 6), box(8, 8, 15, 15)]] })
    const out = redactPixels(new Uint8Array(16 * 16 * 3).fill(200), 16, 16, 3, p)
    const kept = (x: number, y: number): boolean => (x >= 2 && x <= 5 && y >= 3 && y <= 6) || (x >= 8 && y >= 8)
    for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) expect(out[(y * 16 + x) * 3 + 1]).toBe(kept(x, y) ? 200 : 0)
    expect(p.needsReview).toBe(false)
  })

  test('a template of the scanner blacks more', () => {
    const template = { manufacturer: 'TESTMAKER', model: 'model 5', columns: 16, rows: 16, boxes: [{ x0: 0, y0: 0, x1: 15, y1: 1 }] }
    const p = plan({}, [template])
    const out = redactPixels(new Uint8Array(256).fill(9), 16, 16, 1, p)
    expect([out[0], out[31], out[32], p.needsReview]).toEqual([0, 0, 9, false])
    expect(plan({}, [{ ...template, columns: 17 }]).needsReview).toBe(true)
  })

  test('regions that do not fit are not relied on: a person has to look', () => {
    const p = plan({ '00186011': ['SQ', [box(2, 3, 5, 600)]] })
    expect([p.keepInside, p.needsReview]).toEqual([null, true])
    expect(p.reason).toMatch(/by hand/)
  })
})

describe('names too short to be looked for anywhere', () => {
  const kept = (name: string, model: string, more: Elements = {}): string | undefined => {
    const { elements } = run({ '00100010': ['PN', name], '00081090': ['LO', model], ...more })
    return elements['00081090'] === undefined ? undefined : String(elements['00081090'][1])
  }
  test.each([
    ['Li^Wu', 'Prepared for Wu'], ['LI^WU', 'Aplio of Li'], ['An^Eve', 'scan-an 5'], ['Zhang^X=李^东', '李的机器'], ['Wu^Na=吴^娜娜', '娜娜 7'],
  ])('%s is found in "%s", which goes', (name, model) => expect(kept(name, model)).toBeUndefined())
  test.each([['Li^Wu', 'Linear Wuxi 5'], ['An^Eve', 'Vivid Scan'], ['X^Y', 'Model X Y']])('%s leaves "%s", which has them inside other words', (name, model) => expect(kept(name, model)).toBe(model))
  test('a department called US, or a referring doctor called Us, takes neither the modality nor the rest of the codes', () => {
    const { elements } = run({ '00081040': ['LO', 'US'], '00080090': ['PN', 'Us^Or'], '00080008': ['CS', ['ORIGINAL', 'PRIMARY', 'OR']] })
    expect([elements['00080060']?.[1], elements['00080008']?.[1]]).toEqual([['US'], ['ORIGINAL', 'PRIMARY', 'OR']])
  })
})
