import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { createAccount, toAccount } from '#main/services/accounts/accounts.ts'
import { createStudy } from '#main/services/study/studies.ts'
import type { CallError, CallInput, CallName, CallOutput, Job } from '#shared/contract/index.ts'
import { generateCine } from '#shared/phantom/index.ts'
import { region, usFile } from './dicomFiles.ts'

/** Every identifier of the cine below, as it would be found by searching bytes. */
export const CINE_SECRETS = ['Pacsplant', 'PACS-ID-4711', 'ACC-PACS-9', '20220805', '1.2.826.0.1.3680043.9.4711']
export const CINE_STUDY = '1.2.826.0.1.3680043.9.4711.1'

/** A cine of a synthetic lesion, the largest cross-section first, of a person who does not exist. */
export function lesionCine(frames = 5, instance = 3): Buffer {
  const sweep = generateCine('pacs', frames)
  const middle = Math.floor(frames / 2)
  const order = [...sweep.slice(middle), ...sweep.slice(0, middle)]
  const { width, height } = order[0] as (typeof order)[number]
  return usFile({
    columns: width, rows: height, frames, pixels: Buffer.concat(order.map((f) => Buffer.from(f.pixels))), extra: {
      '00080018': ['UI', `1.2.826.0.1.3680043.9.4711.${instance}`], '0020000D': ['UI', CINE_STUDY], '0020000E': ['UI', '1.2.826.0.1.3680043.9.4711.2'], '00080020': ['DA', '20220805'], '00080030': ['TM', '101500'], '00080050': ['SH', 'ACC-PACS-9'],
      '00080090': ['PN', ''], '00100010': ['PN', 'Pacsplant^Nora'], '00100020': ['LO', 'PACS-ID-4711'], '00100030': ['DA', '19700101'], '00100040': ['CS', 'F'], '00200010': ['SH', 'S1'], '00200011': ['IS', 1], '00181063': ['DS', 40], '00280009': ['AT', '00181063'],
      '00186011': ['SQ', [region({ box: [0, 0, width - 1, height - 1], delta: [0.01, 0.01] })]],
    },
  })
}

export interface PacsStudy {
  readonly app: App
  readonly study: OpenStudy
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  fails<N extends CallName>(name: N, input: CallInput<N>): Promise<CallError>
  /** Starts a job and waits for its end. */
  job<N extends 'pacs.retrieve' | 'pacs.store' | 'dicom.export' | 'inference.start' | 'annotation.import' | 'annotation.export' | 'study.importDicom' | 'study.import' | 'study.export' | 'cine.suggest'>(name: N, input: CallInput<N>): Promise<Job>
  /** The bytes behind an address that a call answered. */
  asset(url: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** An empty study with an investigator, in the real program. */
export async function pacsStudy(home: string): Promise<PacsStudy> {
  const app = createNodeApp({ userData: join(home, 'user'), logger: quietLogger })
  const { world, origin } = app.house
  const study = createStudy(world, origin, 'test', { directory: join(home, 'study'), name: 'PACS study', synthetic: false })
  const account = toAccount(await createAccount(world, study, 'test', { login: 'lin', name: 'Lin', role: 'investigator', seniority: null, yearsExperience: null, password: 'a long enough password', mustChange: false, demo: false }))
  app.house.adopt(study)
  const context = app.context({ account, actor: 'lin' })
  const call: PacsStudy['call'] = async (name, input) => {
    const answer = await app.call(context, name, input)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
    return answer.value as never
  }
  return {
    app, study, call,
    async fails(name, input) {
      const answer = await app.call(context, name, input)
      if (answer.ok) throw new Error(`${name} did not fail`)
      return answer.error
    },
    job: async (name, input) => app.house.jobs.ended(((await call(name, input as never)) as { jobId: string }).jobId),
    async asset(url) {
      const asset = await app.serveAsset(context, url)
      if (asset === null) throw new Error(`nothing is served at ${url}`)
      return asset.bytes
    },
    close: () => app.close(),
  }
}

/** Every file below a folder that holds one of the texts, in any of its names or bytes. */
export function filesHolding(folder: string, texts: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
  return files.flatMap((file) => {
    const bytes = readFileSync(file)
    return texts.filter((t) => bytes.includes(t) || file.slice(folder.length).includes(t)).map((t) => `${t} in ${file}`)
  })
}
