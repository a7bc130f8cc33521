import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '#main/app/createApp.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts'
import { PASSWORD, secretStudy, type SecretStudy } from '#test/support/secretStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('adjudication')
let secret: SecretStudy
let first: Context, second: Context
let caseId: string, segmentationId: string
const call = async <N extends CallName>(who: Context, name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
  const answer = await secret.app.call(who, name, input)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.value as CallOutput<N>
}
const decide = (who: Context, decision: 'accepted' | 'rejected'): Promise<CallOutput<'review.decide'>> =>
  call(who, 'review.decide', { caseId, segmentationId, decision, reason: decision === 'rejected' ? 'wrong structure' : null, difficulty: 'medium', comment: '', seconds: 4, annotationId: null })
const queued = async (): Promise<CallOutput<'review.queue'>['rows'][number] | undefined> => (await call(first, 'review.queue', {})).rows.find((r) => r.caseId === caseId)

// Every mask of this study was rejected by the investigator.
beforeAll(async () => {
  secret = await secretStudy(home.path)
  await createAccount(secret.app.house.world, secret.study, 'test', { login: 'second', name: 'The second', role: 'investigator', seniority: null, yearsExperience: null, password: PASSWORD, mustChange: false, demo: false })
  first = secret.app.context({})
  second = secret.app.context({})
  await call(first, 'session.signIn', { login: 'investigator', password: PASSWORD })
  await call(second, 'session.signIn', { login: 'second', password: PASSWORD })
  const [row] = (await call(first, 'review.queue', {})).rows
  caseId = row?.caseId ?? ''
  segmentationId = row?.segmentationId ?? ''
})
afterAll(async () => {
  await secret?.close()
  home.remove()
})

test('whose decision would settle an earlier one depends on who asks', async () => {
  expect((await call(first, 'review.case', { caseId })).wouldSettle).toBeNull()
  expect((await call(second, 'review.case', { caseId })).wouldSettle).toEqual({ reviewer: 'The investigator', decision: 'rejected' })
})
test('one\'s own second look is a new version and settles nothing', async () => {
  expect((await decide(first, 'accepted')).review.settles).toBeNull()
  expect((await queued())?.second).toBe('none')
})
test('a question puts the case before a second reviewer, once', async () => {
  await call(first, 'review.ask', { caseId, segmentationId, question: 'is the lower rim right?' })
  await expect(call(first, 'review.ask', { caseId, segmentationId, question: 'again' })).rejects.toThrow(/conflict/)
  expect((await queued())?.second).toBe('asked')
  expect((await call(second, 'review.case', { caseId })).question).toMatchObject({ text: 'is the lower rim right?', by: 'The investigator' })
})
test('the second reviewer\'s decision counts, says how it stands to the first, and both stay', async () => {
  const { review } = await decide(second, 'accepted')
  expect(review.settles).toMatchObject({ reviewer: 'The investigator', agrees: true, dice: 1, hd95: 0 })
  const row = await queued()
  expect([row?.second, row?.state]).toEqual(['settled', 'accepted'])
  const shown = await call(first, 'review.case', { caseId })
  expect(shown.reviews.map((r) => [r.reviewer, r.decision])).toEqual([['The second', 'accepted'], ['The investigator', 'accepted'], ['The investigator', 'rejected']])
  expect(shown.question).toBeNull()
  expect(secret.study.db.read.get<{ reason: string; old: string; new: string }>("SELECT reason, old, new FROM audit WHERE action = 'review.adjudicate'")).toEqual({ reason: 'is the lower rim right?', old: 'accepted', new: 'accepted' })
})
test('another decision than the first: no mask of a rejected one to compare with', async () => {
  const { review } = await decide(first, 'rejected')
  expect(review.settles).toMatchObject({ reviewer: 'The second', agrees: false, dice: null, hd95: null })
})
test('the case\'s trail tells all of it, and the study stays sound', async () => {
  const { entries } = await call(first, 'audit.case', { caseId })
  expect(entries.map((e) => e.action)).toEqual(expect.arrayContaining(['review.ask', 'review.adjudicate', 'review.accepted', 'review.rejected']))
  const report = await verifyStudy(secret.study.directory)
  expect(report.faults.filter((f) => /review|adjudication|question/.test(f))).toEqual([])
})
