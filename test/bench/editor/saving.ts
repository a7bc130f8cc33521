/** How long after a gesture's end it is on disk and shown as saved: the real host in a process of its own, the editor and its journal writer, a WebSocket between; beside a bare insert with synchronous = FULL. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { emptyAnnotation } from '#shared/contour/index.ts'
import { screenPoint } from '#shared/geometry/index.ts'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { createEditor, NO_MODIFIERS, type JournalEntry, type ToolId } from '#renderer/editor/index.ts'
import { createJournalWriter } from '#renderer/features/annotate/journalWriter.ts'
import { demoHome } from '#test/support/studies.ts'
import { connectTo, startHost, value } from '../../soak/host.ts'

/** `milliseconds` sorted; `bytes` a journal entry in the middle. */
export interface SaveTimes { readonly saved: readonly number[]; readonly bare: readonly number[]; readonly bytes: number }

const TOOLS: readonly ToolId[] = ['freehand', 'polygon', 'brush', 'eraser']
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function measureSaving(gestures: number): Promise<SaveTimes> {
  const demo = await demoHome({ cases: 24 })
  const host = startHost(demo.home, demo.study)
  const entries: JournalEntry[] = []
  const saved: number[] = []
  try {
    const client = await connectTo(await host.ready)
    value(await client.call('session.signInDemo', { login: 'annotator1' }))
    const taskId = value(await client.call('annotation.tasks', {})).tasks[0]?.id ?? ''
    const opened = value(await client.call('annotation.open', { taskId }))
    let onSaved: () => void = () => undefined
    const writer = createJournalWriter(opened.journal.length, (afterSeq, batch) => client.call('annotation.append', { taskId, afterSeq, entries: batch as never }), (state) => {
      if (state.kind === 'saved') onSaved()
      if (state.kind === 'conflict') throw new Error(state.why)
    })
    const editor = unwrap(createEditor({
      canvas: { width: 1200, height: 800 }, annotation: emptyAnnotation(opened), journal: opened.journal as never,
      onJournal: (entry) => {
        entries.push(JSON.parse(JSON.stringify(entry)) as JournalEntry)
        writer.add(entry)
      },
    }))
    const random = createRandom('saving')
    for (let i = 0; saved.length < gestures; i++) {
      editor.setTool(TOOLS[i % TOOLS.length] as ToolId)
      const middle = { x: 400 + random.next() * 400, y: 250 + random.next() * 300 }, radius = 40 + random.next() * 120
      const at = (turn: number) => screenPoint(middle.x + radius * Math.cos(turn * 6.28), middle.y + radius * Math.sin(turn * 6.28))
      editor.dispatch({ type: 'pointermove', at: at(0), modifiers: NO_MODIFIERS })
      editor.dispatch({ type: 'pointerdown', at: at(0), button: 0, modifiers: NO_MODIFIERS })
      for (let step = 1; step < 60; step++) editor.dispatch({ type: 'pointermove', at: at(step / 60), modifiers: NO_MODIFIERS })
      const before = entries.length
      const done = new Promise<void>((resolve) => (onSaved = resolve))
      const from = performance.now()
      editor.dispatch({ type: 'pointerup', at: at(0.98), button: 0, modifiers: NO_MODIFIERS })
      if (entries.length > before) {
        await done
        saved.push(performance.now() - from)
      }
      await pause(30 + random.int(60)) // a hand does not draw without a pause
    }
    client.close()
    return { saved: sorted(saved), bare: bareInserts(entries), bytes: sorted(entries.map((e) => JSON.stringify(e).length))[Math.floor(entries.length / 2)] as number }
  } finally {
    await host.killHard()
    demo.remove()
  }
}

/** The same entries into a table of one's own, one transaction each, as durable. */
function bareInserts(entries: readonly JournalEntry[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'sln-bench-save-'))
  const db = new Database(join(folder, 'bare.db'))
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT')
    const insert = db.prepare('INSERT INTO entry (seq, entry) VALUES (?, ?)')
    return sorted(entries.map((entry, i) => {
      const text = JSON.stringify(entry), from = performance.now()
      insert.run(i + 1, text)
      return performance.now() - from
    }))
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
