import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { FLAGS, type OpenedAnnotation } from '#shared/contract/index.ts'
import { emptyAnnotation, frameFromPolygons, traceMask, type AnnotationData } from '#shared/contour/index.ts'
import { calibrationOfFrame, maskFromText, maskToText, uncalibrated, type Calibration } from '#shared/geometry/index.ts'
import { createLiveWire } from '#renderer/canvas/livewire/liveWireWorker.ts'
import { useClient } from '#renderer/client/index.ts'
import { createEditor, maskOf, type Editor, type EditorSnapshot, type ToolOverlay } from '#renderer/editor/index.ts'
import { useSession } from '#renderer/stores/index.ts'
import { createActiveClock } from '../reading/index.ts'
import { effortSince, madeBy, type TimedEntry } from './effort.ts'
import { frameToStore } from './frames.ts'
import { habitsOf, keepHabits, keptHabits } from './habits.ts'
import { createJournalWriter, type JournalWriter, type SaveState } from './journalWriter.ts'

/** How long leaving a case waits for its last gestures to reach the disk before the next is opened. */
const PATIENCE_MS = 3000

/** What a journal begins with: nothing, or the outline of the mask to correct. The same opening always gives the same beginning. */
export function beginning(opened: Pick<OpenedAnnotation, 'width' | 'height' | 'start' | 'startFrame'>): AnnotationData {
  const empty = emptyAnnotation({ width: opened.width, height: opened.height })
  if (opened.start === null) return empty
  const mask = maskFromText(opened.start)
  if (!mask.ok) return empty
  return { ...empty, frames: [frameFromPolygons(opened.startFrame, traceMask(mask.value), { label: 'lesion', origin: 'model', id: (i) => `start-${i + 1}` })] }
}

/** One task in the editor: its journal on disk, versions, flag, the active time and the tools used. */
export function useAnnotation() {
  const client = useClient()
  const opened = shallowRef<OpenedAnnotation | null>(null)
  const editor = shallowRef<Editor | null>(null)
  const snapshot = shallowRef<EditorSnapshot | null>(null)
  const overlay = shallowRef<ToolOverlay | null>(null)
  const problem = ref<string | null>(null)
  const saved = ref<SaveState>({ kind: 'saved', at: null })
  const savedSeq = ref(-1)
  const clock = createActiveClock(() => performance.now())
  const tools = new Map<string, number>()
  const login = useSession().user?.login ?? ''
  let habits = keptHabits(login)
  /** Active seconds that went with the last entry; what came after it is in no entry yet. */
  let counted = 0
  const looked = new Map<string, number>()
  let writer: JournalWriter | null = null
  let turn = 0
  let liveWire: ReturnType<typeof createLiveWire> | null = null

  const versions = computed(() => opened.value?.versions ?? [])
  const frameInView = computed(() => snapshot.value?.frame ?? 0)
  /** Drawn since the last stored version. */
  const dirty = computed(() => snapshot.value !== null && snapshot.value.seq !== savedSeq.value && snapshot.value.seq > 0)

  function remember(): void {
    const now = editor.value?.snapshot()
    if (now === undefined || opened.value === null) return
    habits = habitsOf(now, habits)
    keepHabits(login, habits)
    looked.set(opened.value.taskId, clock.seconds() - counted)
  }
  /** Ends the drawing in view. What was drawn is still written: the writer goes on until all of it is on disk. */
  async function close(): Promise<void> {
    editor.value?.interrupt()
    const last = writer
    writer = null
    remember()
    liveWire?.close()
    liveWire = null
    editor.value = null
    if (last !== null) await Promise.race([last.flush().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
  }
  async function open(target: { taskId: string } | { caseId: string; segmentationId: string }): Promise<void> {
    const mine = ++turn
    problem.value = null
    await close()
    const answer = 'taskId' in target ? await client.call('annotation.open', target) : await client.call('annotation.openCorrection', target)
    if (mine !== turn) return
    if (!answer.ok) {
      problem.value = answer.error.message
      return
    }
    const now = answer.value
    const taskId = now.taskId
    const own: JournalWriter = createJournalWriter(now.journal.length, (afterSeq, entries) => client.call('annotation.append', { taskId, afterSeq, entries: entries.map((e) => ({ ...e })) }), (state) => {
      if (writer === own) saved.value = state
    })
    liveWire = createLiveWire()
    const made = createEditor({
      annotation: beginning(now), journal: now.journal, frameCount: now.frames, frame: now.versions[0]?.frame ?? 0, options: habits.options, display: habits.display, liveWire, calibrationOf: (frame) => calibrationOfFrame(now.calibration as Calibration, frame),
      onJournal: (entry) => {
        clock.touch()
        const by = madeBy(entry, made.ok ? made.value.snapshot().tool : 'select')
        tools.set(by, (tools.get(by) ?? 0) + 1)
        const seconds = clock.seconds(), ms = Math.round(1000 * Math.max(0, seconds - counted))
        counted = seconds
        const timed: TimedEntry = { ...entry, by, ms }
        own.add(timed)
      },
    })
    if (!made.ok) {
      problem.value = made.error.message
      return
    }
    if (now.startFrame > 0) made.value.setFrame(now.startFrame)
    writer = own
    opened.value = now
    editor.value = made.value
    snapshot.value = made.value.snapshot()
    savedSeq.value = now.versions[0]?.seq ?? 0
    saved.value = { kind: 'saved', at: null }
    const effort = effortSince(now.journal, savedSeq.value)
    counted = effort.seconds
    clock.restart(counted + (looked.get(taskId) ?? 0))
    tools.clear()
    for (const [tool, times] of effort.tools) tools.set(tool, times)
    made.value.setTool(now.start === null ? habits.tool : 'select')
    snapshot.value = made.value.snapshot()
  }
  /** Stores an immutable version of what is drawn and gives its id; null when it could not be stored, with `problem` saying why. */
  async function saveVersion(): Promise<string | null> {
    const at = editor.value
    const task = opened.value
    if (at === null || task === null || writer === null) return null
    at.complete()
    try {
      await writer.flush()
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
      return null
    }
    const { document, seq } = at.snapshot()
    const frame = frameToStore(document)
    const answer = await client.call('annotation.save', { taskId: task.taskId, frame, document: JSON.stringify(at.data()), mask: maskToText(maskOf(document, frame)), activeSeconds: clock.seconds(), tools: Object.fromEntries(tools), seq })
    if (!answer.ok) {
      problem.value = answer.error.message
      return null
    }
    savedSeq.value = seq
    opened.value = { ...task, versions: [answer.value.version, ...task.versions] }
    clock.restart(0)
    counted = 0
    tools.clear()
    return answer.value.version.id
  }
  async function flag(value: (typeof FLAGS)[number] | null, comment: string): Promise<void> {
    const task = opened.value
    if (task === null) return
    const answer = await client.call('annotation.flag', { taskId: task.taskId, flag: value, comment })
    problem.value = answer.ok ? null : answer.error.message
    if (answer.ok && opened.value?.taskId === task.taskId) opened.value = { ...opened.value, flag: value, flagComment: value === null ? '' : comment }
  }
  function changed(next: EditorSnapshot, drawn: ToolOverlay): void {
    snapshot.value = next
    overlay.value = drawn
  }
  /** While something is on its way, or cannot be stored, what was drawn is in this window only. */
  const guard = (event: BeforeUnloadEvent): void => {
    if (saved.value.kind !== 'saved') event.preventDefault()
  }
  addEventListener('beforeunload', guard)
  addEventListener('pagehide', remember)
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', guard)
    removeEventListener('pagehide', remember)
    turn++
    void close()
  })
  return { opened, editor, snapshot, overlay, problem, saved, versions, dirty, clock, open, saveVersion, flag, changed, calibration: computed(() => (opened.value === null ? uncalibrated('') : calibrationOfFrame(opened.value.calibration as Calibration, frameInView.value))) }
}
