import { packBits } from './bits.ts'
import type { Elements } from './elements.ts'
import { encodePart10 } from './encode.ts'
import { BREAST, code, codeSequence, lossyElements, NEOPLASM, newInstance, reference, type Authoring, type Code, type SourceImage } from './objects.ts'

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4'

export interface SegmentInfo {
  readonly label: string
  /** MANUAL: drawn by a person; SEMIAUTOMATIC: a machine's, corrected; AUTOMATIC: a machine's. The last two name the machine. */
  readonly algorithm: { readonly type: 'MANUAL' } | { readonly type: 'AUTOMATIC' | 'SEMIAUTOMATIC'; readonly name: string }
  readonly category?: Code
  readonly type?: Code
}

/** A mask of one frame of the source for one segment. `frame` and `segment` count from 0; `data` is rows * columns bytes of 0 and 1. */
export interface SegmentFrame { readonly segment: number; readonly frame: number; readonly data: Uint8Array }

export interface SegmentationInput {
  readonly source: SourceImage
  readonly authoring: Authoring
  readonly segments: readonly SegmentInfo[]
  readonly frames: readonly SegmentFrame[]
}

export interface WrittenObject { readonly bytes: Buffer; readonly sopClassUid: string; readonly sopInstanceUid: string; readonly seriesInstanceUid: string }

const ABNORMAL = code('49755003', 'SCT', 'Morphologically Abnormal Structure')

function segmentItem(segment: SegmentInfo, index: number): Elements {
  const { algorithm } = segment
  return {
    '00082218': codeSequence(BREAST),
    '00620003': codeSequence(segment.category ?? ABNORMAL),
    '00620004': ['US', index + 1], '00620005': ['LO', segment.label.slice(0, 64)], '00620008': ['CS', algorithm.type],
    ...(algorithm.type === 'MANUAL' ? {} : { '00620009': ['LO', algorithm.name.slice(0, 64)] as const }),
    '0062000D': ['US', [34885, 53485, 50171]], // the red of the overlay, in CIELab
    '0062000F': codeSequence(segment.type ?? NEOPLASM),
  }
}

/**
 * A frame of the segmentation names the frame that it was made from. Ultrasound has no frame of reference, so that Derivation Image is the
 * only bond between mask and picture: a single-frame source is named without a frame number, as PS3.3 asks.
 */
function frameGroups({ source }: SegmentationInput, { segment, frame }: SegmentFrame): Elements {
  const sourceItem: Elements = {
    ...reference(source.sopClassUid, source.sopInstanceUid),
    ...(source.frames > 1 ? { '00081160': ['IS', frame + 1] as const } : {}),
    '0040A170': codeSequence(code('121322', 'DCM', 'Source image for image processing operation')),
  }
  return {
    '00089124': ['SQ', [{ '00082112': ['SQ', [sourceItem]], '00089215': codeSequence(code('113076', 'DCM', 'Segmentation')) }]],
    '00209111': ['SQ', [{ '00209056': ['SH', '1'], '00209057': ['UL', frame + 1], '00209157': ['UL', [segment + 1, frame + 1]] }]],
    '0062000A': ['SQ', [{ '0062000B': ['US', segment + 1] }]],
  }
}

/** A DICOM Segmentation (binary) of one picture or cine. Throws when masks and source do not fit together: that is a broken caller. */
export function writeSegmentation(input: SegmentationInput): WrittenObject {
  const { source, authoring, segments, frames } = input
  if (segments.length === 0 || frames.length === 0) throw new Error('a segmentation needs a segment and a frame')
  for (const f of frames) {
    if (f.data.length !== source.rows * source.columns) throw new Error('a mask has another size than its source')
    if (f.frame < 0 || f.frame >= source.frames || !segments[f.segment]) throw new Error('a mask names a frame or segment that is not there')
  }
  const sorted = [...frames].sort((a, b) => a.segment - b.segment || a.frame - b.frame)
  const dimension = authoring.uid()
  const head = newInstance(SEGMENTATION_STORAGE, 'SEG', source, authoring)
  const index = (pointer: string, group: string, label: string): Elements => ({
    '00209164': ['UI', dimension], '00209165': ['AT', pointer], '00209167': ['AT', group], '00209421': ['LO', label],
  })
  const dataset: Elements = {
    ...head,
    '00080008': ['CS', ['DERIVED', 'PRIMARY']],
    '00081115': ['SQ', [{ '0008114A': ['SQ', [reference(source.sopClassUid, source.sopInstanceUid)]], '0020000E': ['UI', source.seriesInstanceUid] }]],
    '00200020': ['CS', ''],
    '00209221': ['SQ', [{ '00209164': ['UI', dimension] }]],
    '00209222': ['SQ', [index('0062000B', '0062000A', 'Segment'), index('00209057', '00209111', 'Frame')]],
    '00280002': ['US', 1], '00280004': ['CS', 'MONOCHROME2'], '00280008': ['IS', sorted.length], '00280010': ['US', source.rows], '00280011': ['US', source.columns],
    '00280100': ['US', 1], '00280101': ['US', 1], '00280102': ['US', 0], '00280103': ['US', 0],
    ...lossyElements(source),
    '00620001': ['CS', 'BINARY'],
    '00620002': ['SQ', segments.map(segmentItem)],
    '00700080': ['CS', 'SEGMENTATION'], '00700081': ['LO', authoring.seriesDescription.slice(0, 64)], '00700084': ['PN', authoring.creator],
    '52009229': ['SQ', [{}]],
    '52009230': ['SQ', sorted.map((f) => frameGroups(input, f))],
    '7FE00010': ['OB', packBits(sorted.map((f) => f.data))],
  }
  return { bytes: encodePart10(dataset), sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid: String(head['00080018']?.[1]), seriesInstanceUid: String(head['0020000E']?.[1]) }
}
