import type { z } from 'zod'
import { accountCalls, sessionCalls } from './session.ts'
import { analysisCalls } from './analysis.ts'
import { annotationCalls } from './annotation.ts'
import { caseCalls } from './cases.ts'
import { cineCalls } from './cine.ts'
import { exchangeCalls } from './exchange.ts'
import { combinedCalls } from './combined.ts'
import { inferenceCalls } from './inference.ts'
import { job, jobCalls } from './jobs.ts'
import { packageCalls } from './package.ts'
import { protocolCalls } from './readerStudy.ts'
import { pacsCalls } from './pacs.ts'
import { readingCalls } from './reading.ts'
import { studyCalls } from './study.ts'

/** Every call once. Handlers, the typed client and both transports are derived from this object. */
export const contract = {
  ...sessionCalls, ...accountCalls, ...studyCalls, ...jobCalls, ...caseCalls, ...inferenceCalls, ...annotationCalls, ...readingCalls, ...protocolCalls, ...analysisCalls, ...pacsCalls, ...packageCalls, ...cineCalls, ...exchangeCalls, ...combinedCalls,
}

export type Contract = typeof contract
export type CallName = keyof Contract
/** What a caller passes (defaults may be left out). */
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>
/** What a handler receives (validated, defaults filled in). */
export type ParsedInput<N extends CallName> = z.output<Contract[N]['input']>
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>

/** What the application says without being asked. Events carry no case data: receivers ask again by a call. */
export const events = { 'job': job }
export type AppEvent =
  | { readonly name: 'job'; readonly payload: z.output<typeof job> }
  | { readonly name: 'study'; readonly payload: Record<string, never> }
  | { readonly name: 'changed'; readonly payload: { readonly what: string } }

export * from './errors.ts'
export * from './call.ts'
export * from './common.ts'
export * from './session.ts'
export * from './study.ts'
export * from './jobs.ts'
export * from './cases.ts'
export * from './cine.ts'
export * from './exchange.ts'
export * from './inference.ts'
export * from './combined.ts'
export * from './annotation.ts'
export * from './package.ts'
export * from './readerStudy.ts'
export * from './reading.ts'
export * from './analysis.ts'
export * from './pacs.ts'
