/** Segments a study while it is killed again and again; in the end it must hold what an undisturbed run holds, mask by mask. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createRandom } from '#shared/lib/index.ts'
import { openReadOnly } from '#main/database/index.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { cliEntry, demoHome, root } from '#test/support/studies.ts'
import { sleep, type SoakOptions, type SoakReport } from './report.ts'

/** Image and model to the hash of the mask and of the map. */
function masks(study: string): Map<string, string> {
  const db = openReadOnly(join(study, 'study.db'))
  try {
    const rows = db.read.all<{ image_id: string; model: string; mask: string; map: string }>('SELECT image_id, model, mask, map FROM segmentation_mask JOIN segmentation ON segmentation.id = segmentation_id')
    return new Map(rows.map((r) => [`${r.image_id} ${r.model}`, `${r.mask} ${r.map}`]))
  } finally {
    db.close()
  }
}

/** `rounds` is how many kills at the most. */
export async function batchKill({ rounds, seed, say }: SoakOptions): Promise<SoakReport> {
  const random = createRandom(`batchKill/${seed}`)
  const whole = await demoHome({ cases: 24, inferred: true })
  const expected = masks(whole.study)
  whole.remove()
  const failures: string[] = []
  let kills = 0, batches = 0, finished = false, demo = await demoHome({ cases: 24 })
  const compare = (): void => {
    const found = masks(demo.study)
    for (const [key, hashes] of expected) if (found.get(key) !== hashes) failures.push(`after the kills, ${key} is ${found.has(key) ? 'another mask' : 'missing'}`)
    if (found.size !== expected.size) failures.push(`${found.size} masks, an undisturbed run has ${expected.size}`)
  }
  try {
    while (kills < rounds || !finished) {
      const before = masks(demo.study).size
      const child = spawn(process.execPath, [cliEntry, 'infer', '--study', demo.study, '--provider', 'cpu', '--json'], { cwd: root, env: { ...process.env, SLN_HOME: demo.home, NODE_NO_WARNINGS: '1' }, stdio: 'ignore' })
      const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
      const time = kills < rounds ? 700 + random.int(5000) : 600_000
      const code = await Promise.race([ended, sleep(time).then(() => 'late' as const)])
      if (code === 'late') {
        child.kill('SIGKILL')
        await ended
        kills++
        finished = false
      } else if (code !== 0) failures.push(`sln infer ended with ${String(code)}`)
      const after = masks(demo.study).size
      if (after < before) failures.push(`${before} masks were stored, ${after} are left`)
      if (after % 4 !== 0) failures.push(`${after} masks: an image was stored in part`)
      const report = await verifyStudy(demo.study)
      if (!report.sound) failures.push(`kill ${kills}: not sound: ${report.faults.slice(0, 3).join('; ')}`)
      say?.(`batch: ${kills} kills, ${after / 4} of ${expected.size / 4} images`)
      if (code !== 0 || failures.length > 0) {
        if (failures.length > 0) break
        continue
      }
      compare()
      batches++
      finished = true
      demo.remove()
      demo = await demoHome({ cases: 24 })
    }
  } finally {
    demo.remove()
  }
  return { name: 'batch', rounds, failures, lines: [`${kills} kills over ${batches} batches of ${expected.size / 4} images: the study sound after each, nothing stored was lost, and the masks are those of an undisturbed run`] }
}
