import type { Elements, WriteElement } from './elements.ts'

const US_MULTI_FRAME = ['1.2.840.10008.5.1.4.1.1.3.1', '1.2.840.10008.5.1.4.1.1.3']
export const CAPTURE_OF_GREY_FRAMES = '1.2.840.10008.5.1.4.1.1.7.2'
export const CAPTURE_OF_COLOUR_FRAMES = '1.2.840.10008.5.1.4.1.1.7.4'
const CAPTURES = [CAPTURE_OF_GREY_FRAMES, '1.2.840.10008.5.1.4.1.1.7.3', CAPTURE_OF_COLOUR_FRAMES]

const FRAME_TIME = '00181063', FRAME_TIME_VECTOR = '00181065', FRAME_LABELS = '00182002'

const labels = (frames: number): Elements => ({ '00280009': ['AT', FRAME_LABELS], [FRAME_LABELS]: ['SH', Array.from({ length: frames }, (_, i) => String(i + 1))] })
const numbers = (element: WriteElement | undefined): number[] => (element === undefined ? [] : [element[1]].flat().map(Number))
const without = (header: Elements, tags: readonly string[]): Elements => Object.fromEntries(Object.entries(header).filter(([tag]) => !tags.includes(tag)))

/** Cine: the pointer to the time that the header has (Frame Time, the vector with a value a frame, or Cine Rate); null where no time is known. */
function timed(header: Elements, frames: number): Elements | null {
  const [time] = numbers(header[FRAME_TIME])
  if (time !== undefined && time > 0) return { '00280009': ['AT', FRAME_TIME] }
  const vector = numbers(header[FRAME_TIME_VECTOR])
  if (vector.length === frames && vector.some((t) => t > 0)) return { '00280009': ['AT', FRAME_TIME_VECTOR] }
  const [rate] = numbers(header['00180040'])
  if (rate !== undefined && rate > 0) return { '00280009': ['AT', FRAME_TIME], [FRAME_TIME]: ['DS', 1000 / rate] }
  // One frame follows none: the time from one to the next is 0 (the note to PS3.3 C.7.6.6.1.2).
  return frames === 1 ? { '00280009': ['AT', FRAME_TIME], [FRAME_TIME]: ['DS', 0] } : null
}

/** SC Multi-frame Image (PS3.3 C.8.6.3): what the captures ask for beside the order of their frames. */
const captured = (channels: number): Elements => ({
  '00080016': ['UI', channels === 1 ? CAPTURE_OF_GREY_FRAMES : CAPTURE_OF_COLOUR_FRAMES],
  ...(channels === 1 ? { '00281052': ['DS', 0], '00281053': ['DS', 1], '00281054': ['LO', 'US'], '20500020': ['CS', 'IDENTITY'] } : {}),
})

/**
 * A header of several frames that says what their order is, as Frame Increment Pointer has to. For US Multi-frame only time may be that order
 * (PS3.3 C.8.5.6.1.4, Cine being mandatory), and no time is made up: a cine without one becomes a multi-frame secondary capture, whose frames
 * may be ordered by Frame Label Vector, here their numbers from 1. Headers of one picture, and classes of other modules, stay as they are.
 */
export function inFrameOrder(header: Elements, frames: number, channels: number): Elements {
  const sopClass = String(header['00080016']?.[1] ?? '')
  const ultrasound = US_MULTI_FRAME.includes(sopClass), capture = CAPTURES.includes(sopClass)
  if (!ultrasound && !capture && frames === 1) return header
  const time = timed(header, frames)
  // A capture of one frame has no order, and may say none.
  const order: Elements = capture && frames === 1 ? {} : (time ?? labels(frames))
  const pointed = order['00280009']?.[1]
  const ordered: Elements = { ...without(header, [FRAME_TIME, FRAME_TIME_VECTOR, FRAME_LABELS].filter((tag) => tag !== pointed)), ...order, '00280008': ['IS', frames] }
  if (!capture && (!ultrasound || time !== null)) return ordered
  // A capture must say whether text in it may name the patient; where nobody has said that none does, it may.
  return { ...ordered, '00080064': header['00080064'] ?? ['CS', 'WSD'], '00280301': header['00280301'] ?? ['CS', 'YES'], ...captured(channels) }
}
