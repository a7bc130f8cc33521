/** Draws as a hand does, through the editor, its journal writer and a WebSocket; the host is killed at random moments. What was acknowledged must be there again. */
import { isDeepStrictEqual } from 'node:util'
import { emptyAnnotation } from '#shared/contour/index.ts'
import { encodeMask, maskToText, screenPoint } from '#shared/geometry/index.ts'
import { createRandom, unwrap, type Random } from '#shared/lib/index.ts'
import type { OpenedAnnotation } from '#shared/contract/index.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { createEditor, NO_MODIFIERS, type Editor, type JournalEntry, type ToolId } from '#renderer/editor/index.ts'
import { createJournalWriter } from '#renderer/features/annotate/journalWriter.ts'
import { demoHome } from '#test/support/studies.ts'
import { connectTo, startHost, value, type SoakClient } from './host.ts'
import { sleep, type SoakOptions, type SoakReport } from './report.ts'

/** What a drawing task must hold: everything acknowledged, and at most what was sent after it. */
interface Drawing { sent: JournalEntry[]; acknowledged: number; versionsSent: number; versions: number }

interface Tally { failures: string[]; entries: number; acknowledged: number; survivors: number; versions: number; starts: number }

const TOOLS: readonly ToolId[] = ['freehand', 'polygon', 'brush']

function gesture(editor: Editor, random: Random): void {
  editor.setTool(TOOLS[random.int(TOOLS.length)] as ToolId)
  const center = { x: 60 + random.next() * 300, y: 60 + random.next() * 240 }, radius = 10 + random.next() * 40
  const at = (turn: number) => screenPoint(center.x + radius * Math.cos(turn * 6.28), center.y + radius * Math.sin(turn * 6.28))
  const send = (type: 'pointerdown' | 'pointermove' | 'pointerup', turn: number): void => editor.dispatch(type === 'pointermove' ? { type, at: at(turn), modifiers: NO_MODIFIERS } : { type, at: at(turn), button: 0, modifiers: NO_MODIFIERS })
  send('pointermove', 0)
  send('pointerdown', 0)
  for (let step = 1; step < 24; step++) send('pointermove', step / 24)
  send('pointerup', 0.96)
  if (random.next() < 0.15) editor.undo()
}

/** Draws until the host is gone. */
async function draw(client: SoakClient, opened: OpenedAnnotation, drawing: Drawing, random: Random, gone: () => boolean, tally: Tally): Promise<void> {
  const size = { width: opened.width, height: opened.height }
  const writer = createJournalWriter(opened.journal.length, async (afterSeq, entries) => {
    const answer = await client.call('annotation.append', { taskId: opened.taskId, afterSeq, entries: entries as never })
    if (answer.ok) {
      tally.acknowledged += answer.value.storedSeq - drawing.acknowledged
      drawing.acknowledged = answer.value.storedSeq
    } else if (answer.error.code !== 'unavailable') tally.failures.push(`an entry was refused: ${answer.error.code} ${answer.error.message}`)
    return answer
  }, () => undefined)
  const editor = unwrap(createEditor({
    canvas: { width: 480, height: 400 }, annotation: emptyAnnotation(size), journal: opened.journal as never,
    onJournal: (entry) => {
      tally.entries++
      drawing.sent.push(JSON.parse(JSON.stringify(entry)) as JournalEntry)
      writer.add(entry)
    },
  }))
  while (!gone()) {
    gesture(editor, random)
    if (random.next() < 0.1) {
      drawing.versionsSent++
      const bytes = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i % (50 + random.int(50)) < 20 ? 1 : 0))
      const saved = await client.call('annotation.save', { taskId: opened.taskId, document: JSON.stringify({ soak: drawing.versionsSent }), mask: maskToText(encodeMask(bytes, size)), activeSeconds: 1, tools: {} })
      if (saved.ok) drawing.versions++
    }
    await sleep(random.int(12))
  }
  writer.stop()
}

/** Compares what a task holds after a restart with what it must hold, and takes it as the new truth. */
function check(opened: OpenedAnnotation, drawing: Drawing, where: string, tally: Tally): void {
  const { journal, versions } = opened
  if (journal.length < drawing.acknowledged) tally.failures.push(`${where}: ${drawing.acknowledged} entries were acknowledged, ${journal.length} are there`)
  if (journal.length > drawing.sent.length) tally.failures.push(`${where}: ${journal.length} entries are there, ${drawing.sent.length} were sent`)
  journal.forEach((entry, i) => {
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(entry)), drawing.sent[i])) tally.failures.push(`${where}: entry ${i + 1} is not what was drawn`)
  })
  if (versions.length < drawing.versions || versions.length > drawing.versionsSent) tally.failures.push(`${where}: ${drawing.versions} versions were acknowledged and ${drawing.versionsSent} sent, ${versions.length} are there`)
  tally.survivors += journal.length - drawing.acknowledged
  drawing.sent = drawing.sent.slice(0, journal.length)
  drawing.acknowledged = journal.length
  drawing.versions = drawing.versionsSent = versions.length
}

export async function drawKill({ rounds, seed, say }: SoakOptions): Promise<SoakReport> {
  const random = createRandom(`drawKill/${seed}`)
  const demo = await demoHome({ cases: 24 })
  const drawings = new Map<string, Drawing>()
  const tally: Tally = { failures: [], entries: 0, acknowledged: 0, survivors: 0, versions: 0, starts: 0 }
  const sound = async (where: string): Promise<void> => {
    const report = await verifyStudy(demo.study)
    if (!report.sound) tally.failures.push(`${where}: not sound: ${report.faults.slice(0, 3).join('; ')}`)
  }
  try {
    for (let round = 0; round < rounds; round++) {
      const host = startHost(demo.home, demo.study)
      if (random.next() < 0.15) {
        await sleep(random.int(1500)) // killed while it starts
        tally.starts++
      } else {
        const client = await connectTo(await host.ready)
        value(await client.call('session.signInDemo', { login: 'annotator1' }))
        const { tasks } = value(await client.call('annotation.tasks', {}))
        const taskId = tasks[random.int(Math.min(4, tasks.length))]?.id ?? ''
        const opened = value(await client.call('annotation.open', { taskId }))
        const drawing = drawings.get(taskId) ?? { sent: opened.journal.slice() as unknown as JournalEntry[], acknowledged: opened.journal.length, versionsSent: opened.versions.length, versions: opened.versions.length }
        drawings.set(taskId, drawing)
        check(opened, drawing, `round ${round}`, tally)
        let dead = false
        const killing = sleep(30 + random.int(600)).then(async () => {
          await host.killHard()
          dead = true
        })
        await draw(client, opened, drawing, random, () => dead, tally)
        await killing
        client.close()
      }
      await host.killHard()
      await sound(`round ${round}`)
      say?.(`draw and kill: ${round + 1} of ${rounds}, ${tally.entries} entries, ${tally.acknowledged} acknowledged`)
    }
    // Once more, to see what the last rounds left.
    const host = startHost(demo.home, demo.study)
    const client = await connectTo(await host.ready)
    value(await client.call('session.signInDemo', { login: 'annotator1' }))
    for (const [taskId, drawing] of drawings) check(value(await client.call('annotation.open', { taskId })), drawing, 'the end', tally)
    client.close()
    await host.killHard()
    await sound('the end')
  } finally {
    demo.remove()
  }
  return { name: 'draw', rounds, failures: tally.failures, lines: [`${rounds} kills (${tally.starts} while starting), ${tally.entries} journal entries drawn, ${tally.acknowledged} acknowledged and found again, ${tally.survivors} unacknowledged ones were on disk as well, the study sound after every kill`] }
}
