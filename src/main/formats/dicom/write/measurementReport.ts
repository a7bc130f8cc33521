import type { Elements, WriteElement } from './elements.ts'
import { encodePart10 } from './encode.ts'
import { BREAST, code, codeSequence, NEOPLASM, newInstance, reference, type Authoring, type Code, type SourceImage } from './objects.ts'
import { SEGMENTATION_STORAGE, type WrittenObject } from './segmentation.ts'

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'

export interface Measurement { readonly concept: Code; readonly value: number; readonly unit: Code }

export const UNIT = {
  millimetre: code('mm', 'UCUM', 'millimeter'), squareMillimetre: code('mm2', 'UCUM', 'square millimeter'), pixel: code('{pixels}', 'UCUM', 'pixels'), ratio: code('1', 'UCUM', 'no units'),
} as const

export const CONCEPT = {
  area: code('42798000', 'SCT', 'Area'), perimeter: code('131191004', 'SCT', 'Perimeter'), longAxis: code('103339001', 'SCT', 'Long Axis'),
  shortAxis: code('103340004', 'SCT', 'Short Axis'), diameter: code('81827009', 'SCT', 'Diameter'),
  probability: code('SLN001', '99SLNWS', 'Probability of sentinel lymph node metastasis'),
} as const

export interface MeasuredLesion {
  readonly label: string
  readonly trackingUid: string
  /** Frame of the source, from 0. */
  readonly frame: number
  readonly measurements: readonly Measurement[]
  readonly laterality?: 'L' | 'R' | null
  /** The segment that was measured; without one the picture alone is named. */
  readonly segment?: { readonly sopInstanceUid: string; readonly seriesInstanceUid: string; readonly number: number }
}

export interface ReportInput { readonly source: SourceImage; readonly authoring: Authoring; readonly lesions: readonly MeasuredLesion[]; readonly complete: boolean }

type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'SELECTED FROM'

const item = (relation: Relation, type: string, concept: Code, content: Elements): Elements => ({
  '0040A010': ['CS', relation], '0040A040': ['CS', type], '0040A043': codeSequence(concept), ...content,
})
const codeValue = (relation: Relation, concept: Code, value: Code, children: readonly Elements[] = []): Elements =>
  item(relation, 'CODE', concept, { '0040A168': codeSequence(value), ...(children.length > 0 ? { '0040A730': ['SQ', children] as const } : {}) })
const container = (relation: Relation, concept: Code, children: readonly Elements[]): Elements =>
  item(relation, 'CONTAINER', concept, { '0040A050': ['CS', 'SEPARATE'], '0040A730': ['SQ', children] })

function imageReference(sopClass: string, sopInstance: string, more: Elements): WriteElement {
  return ['SQ', [{ ...reference(sopClass, sopInstance), ...more }]]
}

const sourceReference = (source: SourceImage, frame: number): WriteElement =>
  imageReference(source.sopClassUid, source.sopInstanceUid, source.frames > 1 ? { '00081160': ['IS', frame + 1] } : {})

const SIDE = { L: code('7771000', 'SCT', 'Left'), R: code('24028007', 'SCT', 'Right') } as const

/** TID 1300: a number with its unit, taken from the picture or the segment above it. */
function numeric({ concept, value, unit }: Measurement): Elements {
  return item('CONTAINS', 'NUM', concept, { '0040A300': ['SQ', [{ '0040A30A': ['DS', value], '004008EA': codeSequence(unit) }]] })
}

/** TID 1410 (planar region by its segment) or TID 1501 (by the picture). */
function lesionGroup(source: SourceImage, lesion: MeasuredLesion): Elements {
  const { segment } = lesion
  const where = segment
    ? [
        item('CONTAINS', 'IMAGE', code('121191', 'DCM', 'Referenced Segment'), {
          '00081199': imageReference(SEGMENTATION_STORAGE, segment.sopInstanceUid, { '0062000B': ['US', segment.number] }),
        }),
        item('CONTAINS', 'IMAGE', code('121233', 'DCM', 'Source image for segmentation'), { '00081199': sourceReference(source, lesion.frame) }),
      ]
    : [item('CONTAINS', 'IMAGE', code('121112', 'DCM', 'Source of Measurement'), { '00081199': sourceReference(source, lesion.frame) })]
  const side = lesion.laterality ? [codeValue('HAS CONCEPT MOD', code('272741003', 'SCT', 'Laterality'), SIDE[lesion.laterality])] : []
  const group = container('CONTAINS', code('125007', 'DCM', 'Measurement Group'), [
    item('HAS OBS CONTEXT', 'TEXT', code('112039', 'DCM', 'Tracking Identifier'), { '0040A160': ['UT', lesion.label] }),
    item('HAS OBS CONTEXT', 'UIDREF', code('112040', 'DCM', 'Tracking Unique Identifier'), { '0040A124': ['UI', lesion.trackingUid] }),
    codeValue('CONTAINS', code('121071', 'DCM', 'Finding'), NEOPLASM),
    ...where,
    codeValue('HAS CONCEPT MOD', code('363698007', 'SCT', 'Finding Site'), BREAST, side),
    ...lesion.measurements.map(numeric),
  ])
  return { ...group, '0040A504': ['SQ', [{ '00080105': ['CS', 'DCMR'], '0040DB00': ['CS', segment ? '1410' : '1501'] }]] }
}

function observers({ creator, uid, softwareVersion }: Authoring): Elements[] {
  if (creator) {
    return [
      codeValue('HAS OBS CONTEXT', code('121005', 'DCM', 'Observer Type'), code('121006', 'DCM', 'Person')),
      item('HAS OBS CONTEXT', 'PNAME', code('121008', 'DCM', 'Person Observer Name'), { '0040A123': ['PN', creator] }),
    ]
  }
  return [
    codeValue('HAS OBS CONTEXT', code('121005', 'DCM', 'Observer Type'), code('121007', 'DCM', 'Device')),
    item('HAS OBS CONTEXT', 'UIDREF', code('121012', 'DCM', 'Device Observer UID'), { '0040A124': ['UI', uid()] }),
    item('HAS OBS CONTEXT', 'TEXT', code('121013', 'DCM', 'Device Observer Name'), { '0040A160': ['UT', `sln-workstation ${softwareVersion}`] }),
  ]
}

/** Every object that the report speaks of, by series (Current Requested Procedure Evidence Sequence). */
function evidence(source: SourceImage, lesions: readonly MeasuredLesion[]): WriteElement {
  const series = new Map<string, Map<string, string>>([[source.seriesInstanceUid, new Map([[source.sopInstanceUid, source.sopClassUid]])]])
  for (const { segment } of lesions) {
    if (!segment) continue
    const instances = series.get(segment.seriesInstanceUid) ?? new Map<string, string>()
    series.set(segment.seriesInstanceUid, instances.set(segment.sopInstanceUid, SEGMENTATION_STORAGE))
  }
  return ['SQ', [{
    '0020000D': ['UI', String(source.context['0020000D']?.[1] ?? '')],
    '00081115': ['SQ', [...series].map(([uid, instances]) => ({
      '0020000E': ['UI', uid] as const, '00081199': ['SQ', [...instances].map(([instance, sopClass]) => reference(sopClass, instance))] as const,
    }))],
  }]]
}

/** A structured report of measurements (TID 1500, Comprehensive SR). */
export function writeMeasurementReport({ source, authoring, lesions, complete }: ReportInput): WrittenObject {
  const head = newInstance(COMPREHENSIVE_SR, 'SR', source, authoring)
  const dataset: Elements = {
    ...head,
    '00081111': ['SQ', []],
    '0040A040': ['CS', 'CONTAINER'], '0040A043': codeSequence(code('126000', 'DCM', 'Imaging Measurement Report')), '0040A050': ['CS', 'SEPARATE'],
    '0040A372': ['SQ', []], '0040A375': evidence(source, lesions), '0040A491': ['CS', complete ? 'COMPLETE' : 'PARTIAL'], '0040A493': ['CS', 'UNVERIFIED'],
    '0040A504': ['SQ', [{ '00080105': ['CS', 'DCMR'], '0040DB00': ['CS', '1500'] }]],
    '0040A730': ['SQ', [
      codeValue('HAS CONCEPT MOD', code('121049', 'DCM', 'Language of Content Item and Descendants'), code('en', 'RFC5646', 'English')),
      ...observers(authoring),
      codeValue('HAS CONCEPT MOD', code('121058', 'DCM', 'Procedure reported'), code('47079000', 'SCT', 'Ultrasonography of breast')),
      container('CONTAINS', code('111028', 'DCM', 'Image Library'), [
        container('CONTAINS', code('126200', 'DCM', 'Image Library Group'), [
          { '0040A010': ['CS', 'CONTAINS'], '0040A040': ['CS', 'IMAGE'], '00081199': imageReference(source.sopClassUid, source.sopInstanceUid, {}) },
        ]),
      ]),
      container('CONTAINS', code('126010', 'DCM', 'Imaging Measurements'), lesions.map((lesion) => lesionGroup(source, lesion))),
    ]],
  }
  return { bytes: encodePart10(dataset), sopClassUid: COMPREHENSIVE_SR, sopInstanceUid: String(head['00080018']?.[1]), seriesInstanceUid: String(head['0020000E']?.[1]) }
}
