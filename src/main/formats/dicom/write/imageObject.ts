import type { DisplayFrame } from '../pixels/displayFrame.ts'
import type { Elements } from './elements.ts'
import { encodePart10 } from './encode.ts'
import { inFrameOrder } from './frameOrder.ts'
import { code, codeSequence, lossyElements, newInstance, reference, type Authoring, type SourceImage } from './objects.ts'
import type { WrittenObject } from './segmentation.ts'

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7'

type Picture = Pick<DisplayFrame, 'width' | 'height' | 'channels' | 'data'>

/** Image Pixel module and pixel data of 8-bit frames of one size. */
export function pixelElements(frames: readonly Picture[]): Elements {
  const [first] = frames
  if (!first || frames.some((f) => f.width !== first.width || f.height !== first.height || f.channels !== first.channels)) throw new Error('frames must be of one size')
  return {
    '00280002': ['US', first.channels], '00280004': ['CS', first.channels === 3 ? 'RGB' : 'MONOCHROME2'],
    ...(first.channels === 3 ? { '00280006': ['US', 0] as const } : {}),
    ...(frames.length > 1 ? { '00280008': ['IS', frames.length] as const } : {}),
    '00280010': ['US', first.height], '00280011': ['US', first.width], '00280100': ['US', 8], '00280101': ['US', 8], '00280102': ['US', 7], '00280103': ['US', 0],
    '7FE00010': ['OB', Buffer.concat(frames.map((f) => f.data))],
  }
}

/** A picture of the overlay, for systems that show no segmentations. */
export function writeSecondaryCapture(picture: Picture, source: SourceImage, authoring: Authoring): WrittenObject {
  const head = newInstance(SECONDARY_CAPTURE, 'OT', source, authoring)
  const dataset: Elements = {
    ...head,
    '00080008': ['CS', ['DERIVED', 'SECONDARY']], '00080064': ['CS', 'WSD'],
    '00082111': ['ST', 'Picture with its segmentation drawn over it'],
    '00082112': ['SQ', [{ ...reference(source.sopClassUid, source.sopInstanceUid), '0040A170': codeSequence(code('121322', 'DCM', 'Source image for image processing operation')) }]],
    '00200020': ['CS', ''], '00200060': ['CS', ''], '00280301': ['CS', 'NO'], ...lossyElements(source),
    ...pixelElements([picture]),
  }
  return { bytes: encodePart10(dataset), sopClassUid: SECONDARY_CAPTURE, sopInstanceUid: String(head['00080018']?.[1]), seriesInstanceUid: String(head['0020000E']?.[1]) }
}

const WINDOWING = ['00281050', '00281051', '00281052', '00281053', '00281056', '00282112', '00282114']

/** A de-identified file of a de-identified header and redacted frames, uncompressed; its class is that of `inFrameOrder`. */
export function writeDeidentified(header: Elements, frames: readonly Picture[]): Buffer {
  const kept = Object.fromEntries(Object.entries(header).filter(([tag]) => !WINDOWING.includes(tag) && !(tag.startsWith('002811') || tag.startsWith('002812'))))
  const { '00280006': _planar, '00280008': _frames, ...rest } = kept
  const lossy = header['00282110']
  const type2: Elements = { '00080008': ['CS', ''], '00080070': ['LO', ''], '00200011': ['IS', ''], '00200020': ['CS', ''], '00200060': ['CS', ''] }
  const ordered = inFrameOrder({ ...type2, ...rest }, frames.length, frames[0]?.channels ?? 1)
  return encodePart10({ ...ordered, ...pixelElements(frames), ...(lossy ? { '00282110': lossy } : {}) })
}
