import { Failure } from '#shared/contract/index.ts'
import { AID_LABELS, partsOf, type SessionModality } from '#shared/domain/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { sessionProgress, sessionsOfProtocol } from '#main/database/queries/reading.ts'
import type { OpenStudy, World } from '../context.ts'
import { documentOf, hasWithdrawn, requireProtocol } from './document.ts'
import { stateOf } from './washout.ts'

const WORDS: Readonly<Record<SessionModality, string>> = { unaided: 'the image alone', aided: 'the image with the model’s output', unaided_then_aided: 'each image alone first, then with the model’s output' }

/** An invitation or a reminder to a reader as text. It names no case, no outcome and no other reader. */
export function letterFor(study: OpenStudy, world: World, protocolId: string, accountId: string, kind: 'invitation' | 'reminder'): { subject: string; text: string } {
  const row = requireProtocol(study, protocolId)
  const document = documentOf(row)
  const account = accountById(study.db.read, accountId)
  if (account === undefined || !document.readers.includes(accountId)) throw new Failure('not_found', 'this person is not a reader of this study')
  if (hasWithdrawn(document, accountId)) throw new Failure('locked', 'this reader was withdrawn')
  const sessions = sessionsOfProtocol(study.db.read, protocolId).filter((s) => s.account_id === accountId)
  const lines = sessions.map((s) => {
    const { total, done } = sessionProgress(study.db.read, s.id)
    const { state, from } = stateOf(study, world, s, row.state, document)
    const when = state === 'finished' ? 'finished, thank you' : state === 'washout' ? `opens on ${from ?? ''}` : state === 'waiting' ? 'opens after the session before it and the washout' : `${done} of ${total} read`
    return `  Session ${s.ordinal}: ${total} cases, ${WORDS[s.modality]}${partsOf(s.modality).includes('aided') && document.aids.length > 0 ? ` (${document.aids.map((a) => AID_LABELS[a]).join(', ')})` : ''}; ${when}.`
  })
  const left = sessions.reduce((n, s) => n + sessionProgress(study.db.read, s.id).total - sessionProgress(study.db.read, s.id).done, 0)
  const conduct = [
    document.timeLimitSeconds === null ? null : `Each case may be looked at for ${document.timeLimitSeconds} seconds.`,
    document.breaks === null ? null : `After ${document.breaks.afterCases} cases there is a break of ${document.breaks.minutes} minutes.`,
    document.allowBack ? 'A case can be put off and come back to until it is submitted.' : 'Cases come one after the other.',
    'A submitted answer is locked. Every change of an answer is saved as a draft, so you can stop at any time.',
  ].filter((line) => line !== null)
  const head = kind === 'invitation'
    ? [`You are invited to read in “${document.name}” (${study.name}).`, '', document.question, document.scale === 'points5' ? 'For each case: a call (yes or no) and your suspicion from 1 to 5.' : 'For each case: a call (yes or no) and your suspicion from 0 to 100.']
    : [`This is a reminder of your reading in “${document.name}” (${study.name}): ${left} ${left === 1 ? 'case is' : 'cases are'} open.`]
  return {
    subject: kind === 'invitation' ? `Invitation to read: ${document.name}` : `Reminder: ${left} open in ${document.name}`,
    text: [`Dear ${account.name},`, '', ...head, '', ...lines, ...(document.instructions === '' ? [] : ['', document.instructions]), '', ...conduct, '', `Sign in as “${account.login}”. Please do not look these cases up anywhere else, and do not speak about them with other readers until the study is closed.`, '', `Protocol version ${row.version}, ${row.hash.slice(0, 12)}`].join('\n'),
  }
}
