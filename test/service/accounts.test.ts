import { afterAll, beforeAll, expect, test } from 'vitest'
import { idOf, PASSWORD, personOf, readerStudy, type Person, type ReaderStudy } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('accounts')
let made: ReaderStudy
let lin: Person
beforeAll(async () => {
  made = await readerStudy(home.path, { lin: 'investigator', eve: 'investigator', r1: 'reader', r2: 'reader' }, 2)
  lin = await made.as('lin')
})
afterAll(async () => {
  await made?.close()
  home.remove()
})
const somebody = (idleMinutes?: number): Person => personOf(made.app, made.app.context(idleMinutes === undefined ? {} : { idleMinutes }))

test('the account is locked after five failures, also when they come at once, and the right password does not open it meanwhile', async () => {
  const tries = await Promise.all(Array.from({ length: 8 }, () => somebody().refused('session.signIn', { login: 'r2', password: 'not the password' })))
  expect(new Set(tries).has('not refused')).toBe(false)
  expect(await somebody().refused('session.signIn', { login: 'r2', password: PASSWORD })).toBe('locked_out')
  expect((await lin.get('accounts.list', {})).accounts.find((a) => a.login === 'r2')?.locked).toBe(true)
  expect(made.study.db.read.all("SELECT 1 AS x FROM audit WHERE action = 'session.lockedOut'")).not.toHaveLength(0)
})

test('a reset ends the lock, asks for a password of one’s own first, and is felt in sessions that are open', async () => {
  const reader = await made.as('r1')
  await lin.get('accounts.resetPassword', { accountId: idOf(made, 'r2'), firstPassword: 'a first password' })
  const two = somebody()
  await two.get('session.signIn', { login: 'r2', password: 'a first password' })
  expect(await two.refused('reading.sessions', {})).toBe('password_expired')
  expect(await two.refused('session.changePassword', { current: 'a first password', next: 'short' })).toBe('invalid_input')
  expect(await two.refused('session.changePassword', { current: 'a first password', next: 'a first password' })).toBe('invalid_input')
  await two.get('session.changePassword', { current: 'a first password', next: PASSWORD })
  expect(await two.refused('reading.sessions', {})).toBe('not refused')
  await lin.get('accounts.resetPassword', { accountId: idOf(made, 'r1'), firstPassword: 'another first one' })
  expect(await reader.refused('reading.sessions', {})).toBe('password_expired')
})

test('a disabled account is signed out at its next call; the last investigator stays', async () => {
  const two = await made.as('r2')
  await lin.get('accounts.setDisabled', { accountId: idOf(made, 'r2'), disabled: true, reason: 'left' })
  expect(await two.refused('reading.sessions', {})).toBe('not_signed_in')
  expect(await two.refused('session.signIn', { login: 'r2', password: PASSWORD })).toBe('wrong_password')
  await lin.get('accounts.setDisabled', { accountId: idOf(made, 'eve'), disabled: true, reason: 'left' })
  expect(await lin.refused('accounts.setDisabled', { accountId: idOf(made, 'lin'), disabled: true, reason: 'me too' })).toBe('refused')
  await lin.get('accounts.setDisabled', { accountId: idOf(made, 'r2'), disabled: false, reason: 'back' })
})

test('a session that is left alone times out, and its draft is there afterwards', async () => {
  await lin.get('protocol.create', { name: 'Reading', scale: 'points5', seed: 1, cohorts: ['a', 'b'], readers: [idOf(made, 'r2')] })
  await lin.get('protocol.start', { protocolId: (await lin.get('protocol.list', {})).protocols[0]?.id ?? '' })
  const reader = somebody(30)
  await reader.get('session.signIn', { login: 'r2', password: PASSWORD })
  const session = (await reader.get('reading.sessions', {})).sessions[0]?.id ?? ''
  const { item } = await reader.get('reading.next', { sessionId: session })
  await reader.get('reading.draft', { sessionId: session, position: item?.position ?? 0, call: 'positive', rating: null, activeSeconds: 3 })
  made.today = '2026-01-06'
  // A page that is loaded anew, or a socket that comes back, is no sign of the person: it finds the session ended and does not revive it.
  expect((await reader.get('session.state', {})).user).toBeNull()
  expect(await reader.refused('reading.next', { sessionId: session })).toBe('not_signed_in')
  await reader.get('session.signIn', { login: 'r2', password: PASSWORD })
  expect((await reader.get('reading.next', { sessionId: session })).item?.draft).toMatchObject({ call: 'positive', activeSeconds: 3 })
})
