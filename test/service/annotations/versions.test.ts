import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawnStudy, ellipse, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { temporary } from '#test/support/studies.ts'
import { maskToText } from '#shared/geometry/index.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { locked, nextOpen } from '#renderer/features/annotate/tasks.ts'

const DAY = 86_400_000
const home = temporary('versions')
let s: DrawnStudy
beforeAll(async () => {
  s = await drawnStudy(home.path, 4)
  await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana })
})
afterAll(async () => {
  await s?.close()
  home.remove()
})

const entry = (seq: number) => ({ v: 1, seq, kind: 'do', gesture: 'point', ops: [], by: 'polygon', ms: 1500 })
const tasks = async () => (await s.as('ana', 'annotation.tasks', {})).tasks
const save = (taskId: string, seq?: number) => s.as('ana', 'annotation.save', { taskId, document: '{}', mask: maskToText(ellipse(30, 28, 9, 7)), activeSeconds: 12.5, tools: { polygon: 2 }, ...(seq === undefined ? {} : { seq }) })

describe('a version and what was drawn after it', () => {
  test('a version says up to which gesture it holds the drawing, also when more was written before it was stored', async () => {
    const taskId = (await tasks())[0]?.id ?? ''
    await s.as('ana', 'annotation.append', { taskId, afterSeq: 0, entries: [entry(1), entry(2), entry(3)] })
    expect((await save(taskId, 2)).version.seq).toBe(2)
    const opened = await s.as('ana', 'annotation.open', { taskId })
    expect(opened.versions[0]?.seq).toBe(2)
    expect(opened.journal.map((e) => [e.seq, (e as { by?: unknown }).by, (e as { ms?: unknown }).ms])).toEqual([[1, 'polygon', 1500], [2, 'polygon', 1500], [3, 'polygon', 1500]])
  })
  test('versions of before this was kept are told by the time', async () => {
    const taskId = (await tasks())[1]?.id ?? ''
    await s.as('ana', 'annotation.append', { taskId, afterSeq: 0, entries: [entry(1), entry(2)] })
    const { version } = await save(taskId, 2)
    s.clock.at = new Date(s.clock.at.getTime() + 60_000)
    await s.as('ana', 'annotation.append', { taskId, afterSeq: 2, entries: [entry(3)] })
    s.study.db.write('test', (tx) => void tx.run('DELETE FROM annotation_seq WHERE annotation_id = ?', version.id))
    expect((await s.as('ana', 'annotation.open', { taskId })).versions[0]?.seq).toBe(2)
  })
})

describe('a case of several images', () => {
  test('gives each image a task under one number, in their order; what was given before keeps its number', async () => {
    const folder = join(home.path, 'several')
    mkdirSync(folder)
    const rows = ['case_id,patient_id,image,cohort,hospital,sln']
    for (const [name, grey] of [['M0-a', 40], ['M0-b', 90], ['M0-c', 140], ['M1-a', 200]] as const) {
      await sharp(Uint8Array.from({ length: 80 * 60 }, (_, i) => grey + (i % 31)), { raw: { width: 80, height: 60, channels: 1 } }).png().toFile(join(folder, `${name}.png`))
      rows.push(`${name.slice(0, 2)},P-${name.slice(0, 2)},${name}.png,more,H,0`)
    }
    writeFileSync(join(folder, 'manifest.csv'), rows.join('\n'))
    await importManifest(s.study, s.app.house.world, 'test', join(folder, 'manifest.csv'))
    expect(await s.as('investigator', 'annotation.assign', { accountId: s.ids.ben, cohort: 'more' })).toMatchObject({ created: 2, cases: 2 })
    expect(await s.as('investigator', 'annotation.assign', { accountId: s.ids.ben, cohort: 'more', images: 'every' })).toMatchObject({ created: 2, cases: 1 })
    const listed = (await s.as('ben', 'annotation.tasks', {})).tasks
    const several = listed.filter((t) => t.images > 1)
    expect(several.map((t) => [t.image, t.images])).toEqual([[1, 3], [2, 3], [3, 3]])
    expect(new Set(several.map((t) => t.number)).size).toBe(1)
    expect(listed.filter((t) => t.images === 1).length).toBe(1)
    expect(several.map((t) => s.study.db.read.get<{ ordinal: number }>('SELECT ordinal FROM image JOIN annotation_task t ON t.image_id = image.id WHERE t.id = ?', t.id)?.ordinal)).toEqual([0, 1, 2])
  })
})

describe('while a repeat waits', () => {
  test('the first drawing of the same picture stays closed to the one who repeats, and opens again afterwards', async () => {
    const first = (await tasks())[2]?.id ?? ''
    const stored = await save(first), again = await save(first)
    await s.as('investigator', 'annotation.assignRepeat', { accountId: s.ids.ana, size: 20, seed: 3 })
    expect((await s.fails('ana', 'annotation.open', { taskId: first })).message).toMatch(/until you have drawn its repeat/)
    expect((await s.fails('ana', 'annotation.compare', { a: stored.version.id, b: again.version.id })).code).toBe('not_found')
    expect((await s.as('investigator', 'annotation.compare', { a: stored.version.id, b: again.version.id })).dice).toBe(1)
    const listed = await tasks()
    expect(listed.filter((t) => t.closed).map((t) => t.round)).toEqual([1, 1, 1])
    const undrawn = listed.filter((t) => t.round === 1 && t.state === 'open')
    const now = s.clock.at.toISOString()
    expect(listed.filter((t) => locked(t, now) === null).map((t) => t.id)).toEqual(undrawn.map((t) => t.id))
    expect(nextOpen(listed, first, now)?.id).toBe(undrawn[0]?.id)
    s.clock.at = new Date(s.clock.at.getTime() + 15 * DAY)
    const picture = s.study.db.read.get<{ image_id: string }>('SELECT image_id FROM annotation_task WHERE id = ?', first)?.image_id
    const repeat = listed.find((t) => t.round === 2 && s.study.db.read.get<{ image_id: string }>('SELECT image_id FROM annotation_task WHERE id = ?', t.id)?.image_id === picture)
    await s.as('ana', 'annotation.open', { taskId: repeat?.id ?? '' })
    await save(repeat?.id ?? '')
    expect((await s.as('ana', 'annotation.open', { taskId: first })).versions.length).toBe(2)
  })
})
