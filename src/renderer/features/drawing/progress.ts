import type { CallOutput, DrawingProgress } from '#shared/contract/index.ts'

export interface ProgressRow {
  readonly key: string; readonly accountId: string; readonly name: string; readonly login: string; readonly round: number; readonly total: number; readonly drawn: number; readonly flagged: number; readonly begun: number
  readonly locked: number; readonly opensOn: string | null; readonly secondsACase: number | null; readonly lastAt: string | null; readonly shown: number
}

/** A row an annotator and round; an annotator without a task has one row with nothing in it, an investigator without one none. */
export function progressRows(annotators: readonly DrawingProgress[]): ProgressRow[] {
  return annotators.filter((a) => a.rounds.length > 0 || (!a.disabled && a.role === 'annotator')).flatMap((a): ProgressRow[] => {
    const base = { accountId: a.accountId, name: a.name, login: a.login }
    if (a.rounds.length === 0) return [{ ...base, key: a.accountId, round: 0, total: 0, drawn: 0, flagged: 0, begun: 0, locked: 0, opensOn: null, secondsACase: null, lastAt: null, shown: 0 }]
    return a.rounds.map((r) => ({ ...base, key: `${a.accountId}/${r.round}`, round: r.round, total: r.total, drawn: r.drawn, flagged: r.flagged, begun: r.begun, locked: r.locked, opensOn: r.opensOn, secondsACase: r.drawn === 0 ? null : r.activeSeconds / r.drawn, lastAt: r.lastAt, shown: r.shown }))
  })
}

/** '42 s', '3 min 05 s'. */
export const secondsText = (seconds: number): string => (seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(Math.round(seconds) / 60)} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`)

type Repeat = CallOutput<'annotation.assignRepeat'>
const day = (iso: string): string => iso.slice(0, 10)
const cases = (n: number): string => `${n} ${n === 1 ? 'case' : 'cases'}`

/** What an assignment did: images where a case has several, and what its tasks cannot show yet. */
export function assignedSentence(who: string, made: CallOutput<'annotation.assign'>): string {
  const images = made.created === made.cases ? '' : `${made.created} images. `
  const without = made.withoutMask === 0 ? '' : ` The model has no mask of ${made.withoutMask} of the pictures yet: a task that is opened before the networks ran begins empty.`
  return `${images}${who} sees them in an order of their own.${without}`
}

/** Who of the chosen people sees everything, by name: nothing that they draw is blind. Null where nobody does. */
export function whoSeesEverything(annotators: readonly DrawingProgress[], chosen: readonly (string | null)[]): string | null {
  const names = annotators.filter((a) => a.seesEverything && chosen.includes(a.accountId)).map((a) => a.name)
  return names.length === 0 ? null : names.join(' and ')
}

/** 'blind', or how many of a round's tasks show something. */
export const blindText = (row: { readonly total: number; readonly shown: number }): string => (row.shown === 0 ? 'blind' : row.shown === row.total ? 'not blind' : `${row.shown} of ${row.total} not blind`)

/** What a repeat did, in one sentence. */
export function repeatSentence(name: string, second: string | null, made: Repeat): string {
  const opens = made.opensFrom === null ? '' : made.opensTo === null || day(made.opensTo) === day(made.opensFrom) ? `, opening on ${day(made.opensFrom)}` : `, opening from ${day(made.opensFrom)} to ${day(made.opensTo)}`
  const other = second === null ? '' : ` ${second} got ${made.seconds === made.chosen ? 'the same cases' : `${made.seconds} of them; the others were there already`}.`
  return `${name} repeats ${made.chosen} of ${cases(made.drawn)} drawn as round ${made.round}${opens}.${other}`
}
