/**
 * What a reader-study protocol may ask for, as rules without a database: modalities and their parts, what of the model an aided part shows, further questions.
 * `crossover`: two sessions, one unaided and one aided; half of the readers begin with each, in the order in which the protocol names them.
 */
export const PROTOCOL_MODALITIES = ['unaided', 'aided', 'unaided_then_aided', 'crossover'] as const
export type ProtocolModality = (typeof PROTOCOL_MODALITIES)[number]

export const SESSION_MODALITIES = ['unaided', 'aided', 'unaided_then_aided'] as const
export type SessionModality = (typeof SESSION_MODALITIES)[number]

/** One answer to one case: without the model, or with what the protocol lists of it. */
export const READING_PARTS = ['unaided', 'aided'] as const
export type ReadingPart = (typeof READING_PARTS)[number]

/** What of the model an aided part can show. */
export const READING_AIDS = ['contour', 'signature', 'risk', 'gradcam'] as const
export type ReadingAid = (typeof READING_AIDS)[number]
export const AID_LABELS: Readonly<Record<ReadingAid, string>> = { contour: 'Fused contour', signature: 'DL signature', risk: 'Risk of the combined model', gradcam: 'Grad-CAM' }
/** The same within a sentence. */
export const AID_WORDS: Readonly<Record<ReadingAid, string>> = { contour: 'fused contour', signature: 'DL signature', risk: 'risk of the combined model', gradcam: 'Grad-CAM' }
export const MODALITY_LABELS: Readonly<Record<ProtocolModality, string>> = { unaided: 'Unaided', aided: 'Aided by the model', unaided_then_aided: 'Unaided, then aided in the same case', crossover: 'Crossover: unaided and aided in two sessions' }

/** Days between two looks at a case before the second counts as a reading of its own, unless the protocol says otherwise. */
export const DEFAULT_WASHOUT_DAYS = 28

/** What a session of a reader is read with. `reader` is the reader's place in the protocol's list, from 0; `ordinal` counts sessions from 1. */
export function sessionModality(protocol: ProtocolModality, reader: number, ordinal: number): SessionModality {
  if (protocol !== 'crossover') return protocol
  return (reader + ordinal) % 2 === 1 ? 'unaided' : 'aided'
}

export const partsOf = (modality: SessionModality): readonly ReadingPart[] => (modality === 'unaided_then_aided' ? READING_PARTS : [modality])
export const lastPart = (modality: SessionModality): ReadingPart => (modality === 'unaided' ? 'unaided' : 'aided')
export const isAided = (modality: ProtocolModality): boolean => modality !== 'unaided'

interface QuestionBase { readonly id: string; readonly label: string; readonly required: boolean }
export type ReadingQuestion =
  | QuestionBase & { readonly kind: 'choice'; readonly options: readonly string[] }
  | QuestionBase & { readonly kind: 'number'; readonly min: number; readonly max: number; readonly unit: string }
  | QuestionBase & { readonly kind: 'text' }
  | QuestionBase & { readonly kind: 'mark' }

/** A place on the image, in pixels of the image, on a frame counted from 0. */
export interface ReadingMark { readonly x: number; readonly y: number; readonly frame: number }
export type ReadingAnswer = string | number | ReadingMark
export type ReadingAnswers = Readonly<Record<string, ReadingAnswer>>

const isMark = (value: ReadingAnswer): value is ReadingMark => typeof value === 'object'

function answerProblem(question: ReadingQuestion, value: ReadingAnswer, image: { readonly width: number; readonly height: number; readonly frames: number }): string | null {
  switch (question.kind) {
    case 'choice': return typeof value === 'string' && question.options.includes(value) ? null : `“${question.label}” takes ${question.options.join(', ')}`
    case 'number': return typeof value === 'number' && value >= question.min && value <= question.max ? null : `“${question.label}” takes a number from ${question.min} to ${question.max}${question.unit === '' ? '' : ` ${question.unit}`}`
    case 'text': return typeof value === 'string' && value.length <= 4000 ? null : `“${question.label}” takes a text of at most 4000 characters`
    case 'mark': return isMark(value) && value.x >= 0 && value.y >= 0 && value.x < image.width && value.y < image.height && value.frame >= 0 && value.frame < image.frames ? null : `“${question.label}” takes a place on the image`
  }
}

/** What is wrong with the answers, as a sentence, or null. `complete`: required questions must have an answer (a draft may lack them). */
export function answersProblem(questions: readonly ReadingQuestion[], answers: ReadingAnswers, image: { readonly width: number; readonly height: number; readonly frames: number }, complete: boolean): string | null {
  for (const id of Object.keys(answers)) if (!questions.some((q) => q.id === id)) return 'an answer to a question that the protocol does not ask'
  for (const question of questions) {
    const value = answers[question.id]
    if (value === undefined || value === '') {
      if (complete && question.required) return `“${question.label}” has no answer yet`
      continue
    }
    const problem = answerProblem(question, value, image)
    if (problem !== null) return problem
  }
  return null
}

/** When reading may go on after a break: null where none is due. `submitted` are the times (ms) of the session's answers, oldest first. */
export function breakUntil(submitted: readonly number[], rule: { readonly afterCases: number; readonly minutes: number } | null, now: number): number | null {
  if (rule === null) return null
  const pause = rule.minutes * 60_000
  let run = 0, last = Number.NEGATIVE_INFINITY
  for (const at of submitted) {
    run = at - last >= pause ? 1 : run + 1
    last = at
  }
  return run >= rule.afterCases && now - last < pause ? last + pause : null
}

/** The first day (YYYY-MM-DD, UTC) on which a case last seen on `seen` may be read again. */
export function washedOutOn(seen: string, days: number): string {
  const date = new Date(`${seen.slice(0, 10)}T00:00:00.000Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
