import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger, type Clock } from '#main/platform/index.ts'
import { createAccount, toAccount } from '#main/services/accounts/accounts.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import type { OpenStudy } from '#main/services/context.ts'
import { createStudy } from '#main/services/study/studies.ts'
import type { Account, CallInput, CallName, CallOutput, CallError } from '#shared/contract/index.ts'
import { encodeMask, maskArea, maskToBytes, maskToText, type RleMask } from '#shared/geometry/index.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

export const WIDTH = 80, HEIGHT = 60

/** An ellipse as a mask of the study's pictures: pixel centres inside are on. */
export function ellipse(x: number, y: number, rx: number, ry: number): RleMask {
  return encodeMask(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (((i % WIDTH) + 0.5 - x) / rx) ** 2 + ((Math.floor(i / WIDTH) + 0.5 - y) / ry) ** 2 <= 1 ? 1 : 0), { width: WIDTH, height: HEIGHT })
}

export interface DrawnStudy {
  readonly app: App
  readonly study: OpenStudy
  readonly ids: Readonly<Record<'investigator' | 'ana' | 'ben', string>>
  /** A call as one of the accounts; throws its error's sentence. */
  as<N extends CallName>(who: 'investigator' | 'ana' | 'ben', name: N, input: CallInput<N>): Promise<CallOutput<N>>
  fails<N extends CallName>(who: 'investigator' | 'ana' | 'ben', name: N, input: CallInput<N>): Promise<CallError>
  /** Draws an open task. */
  draw(who: 'investigator' | 'ana' | 'ben', taskId: string, mask: RleMask): Promise<CallOutput<'annotation.save'>>
  caseOf(taskId: string): { id: string; label: string }
  /** A fused mask of the picture of a task, as the networks would have left it; its id. */
  segment(taskId: string, mask: RleMask): string
  clock: { at: Date }
  close(): Promise<void>
}

/** A study of small pictures (0.1 mm across, 0.2 mm down a pixel; the last without a scale) with two annotators and a clock that a test sets. */
export async function drawnStudy(home: string, cases = 6): Promise<DrawnStudy> {
  const source = join(home, 'source')
  mkdirSync(source, { recursive: true })
  const rows = ['case_id,patient_id,image,mask,cohort,hospital,sln,mm_per_px_x,mm_per_px_y']
  for (let i = 0; i < cases; i++) {
    await sharp(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, k) => (k * (i + 3)) % 251), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).png().toFile(join(source, `picture-${i}.png`))
    rows.push(`C${i},P${i},picture-${i}.png,,${i % 2 === 0 ? 'train' : 'test'},H,${i % 2},${i === cases - 1 ? ',' : '0.1,0.2'}`)
  }
  writeFileSync(join(source, 'manifest.csv'), rows.join('\n'))
  const clock = { at: new Date('2026-03-02T09:00:00.000Z') }
  const ticking: Clock = { now: () => clock.at }
  const app = createNodeApp({ userData: join(home, 'user'), logger: quietLogger, clock: ticking })
  const { world, origin } = app.house
  const study = createStudy(world, origin, 'test', { directory: join(home, 'study'), name: 'Drawn study', synthetic: false })
  const report = await importManifest(study, world, 'test', join(source, 'manifest.csv'))
  if (report.imported !== cases) throw new Error(JSON.stringify(report))
  const accounts = new Map<string, Account>()
  for (const [login, role] of [['investigator', 'investigator'], ['ana', 'annotator'], ['ben', 'annotator']] as const) {
    accounts.set(login, toAccount(await createAccount(world, study, 'test', { login, name: login.charAt(0).toUpperCase() + login.slice(1), role, seniority: null, yearsExperience: null, password: 'a long enough password', mustChange: false, demo: false })))
  }
  app.house.adopt(study)
  const contexts = new Map([...accounts].map(([login, account]) => [login, app.context({ account, actor: login })]))
  const call = async (who: string, name: CallName, input: unknown) => app.call(contexts.get(who) as NonNullable<ReturnType<typeof contexts.get>>, name, input)
  const as: DrawnStudy['as'] = async (who, name, input) => {
    const answer = await call(who, name, input)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
    return answer.value as never
  }
  return {
    app, study, clock, as,
    ids: Object.fromEntries([...accounts].map(([login, a]) => [login, a.id])) as DrawnStudy['ids'],
    async fails(who, name, input) {
      const answer = await call(who, name, input)
      if (answer.ok) throw new Error(`${name} did not fail`)
      return answer.error
    },
    draw: (who, taskId, mask) => as(who, 'annotation.save', { taskId, document: '{}', mask: maskToText(mask), activeSeconds: 12.5, tools: { polygon: 2 } }),
    caseOf: (taskId) => study.db.read.get<{ id: string; label: string }>('SELECT study_case.id, label FROM annotation_task JOIN study_case ON study_case.id = case_id WHERE annotation_task.id = ?', taskId) as { id: string; label: string },
    segment(taskId, mask) {
      const id = world.ids.next(), hash = study.objects.put(maskToBytes(mask))
      study.db.write('test', (tx) => {
        const task = tx.get<{ case_id: string; image_id: string }>('SELECT case_id, image_id FROM annotation_task WHERE id = ?', taskId)
        if (task === undefined) throw new Error(`there is no task ${taskId}`)
        tx.insert('segmentation', { id, ...task, frame: 0, model_set: 'set', state: 'found', provider: 'cpu', provider_note: '', milliseconds: 1, disagreement: 0, uncertainty: 0, components: 1, touches_border: 0, created_at: tx.at, origin: tx.origin })
        tx.insert('segmentation_mask', { segmentation_id: id, model: 'fusion', model_sha256: 'x', mask: hash, map: hash, area_px: maskArea(mask) })
        tx.audit({ action: 'segmentation.create', subject: 'segmentation', id })
      })
      return id
    },
    close: () => app.close(),
  }
}
