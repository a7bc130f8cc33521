import type { ReadingSession } from '#shared/contract/index.ts'
import { AID_WORDS, type SessionModality } from '#shared/domain/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'

/** The five points of suspicion, by their number. */
export const SUSPICION_WORDS = ['', 'definitely not', 'probably not', 'undecided', 'probably', 'definitely'] as const

export const SESSION_STATES: Readonly<Record<ReadingSession['state'], { readonly kind: StateKind; readonly label: string }>> = {
  open: { kind: 'accent', label: 'Open' }, finished: { kind: 'ok', label: 'Finished' }, washout: { kind: 'attention', label: 'Washout' }, waiting: { kind: 'neutral', label: 'Later' }, withdrawn: { kind: 'neutral', label: 'Withdrawn' }, closed: { kind: 'neutral', label: 'Closed' },
}

/** What a session shows, in two words. */
export const MODALITY_WORDS: Readonly<Record<SessionModality, string>> = { unaided: 'unaided', aided: 'aided', unaided_then_aided: 'unaided, then aided' }

/** How a session is read, one sentence each. */
export function sessionRules(session: ReadingSession): string[] {
  const aids = session.aids.map((a) => AID_WORDS[a]).join(', ')
  return [
    session.parts.length === 2 ? `Each case first alone, then with the model (${aids}); both answers count.` : session.parts[0] === 'aided' ? `With the model’s output: ${aids}.` : 'The image alone.',
    session.training > 0 ? `${session.training} training ${session.training === 1 ? 'case comes' : 'cases come'} first.` : '',
    session.questions > 0 ? `${session.questions} further ${session.questions === 1 ? 'question' : 'questions'} a case.` : '',
    session.timeLimitSeconds === null ? '' : `At most ${session.timeLimitSeconds} seconds of looking a case.`,
    session.breaks === null ? '' : `A break of ${session.breaks.minutes} ${session.breaks.minutes === 1 ? 'minute' : 'minutes'} after ${session.breaks.afterCases} cases.`,
    session.allowBack ? 'A case can be put off and come back to.' : '',
    'A submitted answer is locked.',
  ].filter((line) => line !== '')
}
