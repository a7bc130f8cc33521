import type { ObjectStore, Clock, Ids, Logger } from '#main/platform/index.ts'
import type { StudyDatabase } from '#main/database/index.ts'
import type { Account, AppEvent, CallInput, CallName, CallOutput, ParsedInput } from '#shared/contract/index.ts'

/** An open study: its database, its objects and what it is called. */
export interface OpenStudy {
  readonly id: string
  readonly name: string
  readonly directory: string
  readonly synthetic: boolean
  /** the networks that classify its crops; an investigator may change it */
  readonly signatureSet: string
  /** the networks and the fusion that make its automatic masks; an investigator may change it */
  readonly segmentationSet: string
  readonly outcome: { readonly column: string; readonly positive: string; readonly label: string }
  readonly createdAt: string
  readonly db: StudyDatabase
  readonly objects: ObjectStore
}

export interface World {
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly version: string
  emit(event: AppEvent): void
}

/** What an asset is made of when it is asked for; pixels are always re-encoded before they leave. */
export interface Asset { readonly type: string; readonly bytes: Uint8Array }

/** The caller, as dispatch knows it: who, and how to hand out assets that only this session can fetch. */
export interface Caller {
  readonly account: Account
  /** For the audit log: the login, or `cli:<OS user>`. */
  readonly actor: string
  /** The URL of an asset for this session; the same key gives the same URL while the session lasts. */
  grant(key: string, load: () => Promise<Asset>): string
}

export interface Handling { readonly study: OpenStudy; readonly caller: Caller }

export type Handler<N extends CallName> = (handling: Handling, input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>>
export type Handlers<N extends CallName = CallName> = { readonly [K in N]: Handler<K> }
export type { CallInput }
