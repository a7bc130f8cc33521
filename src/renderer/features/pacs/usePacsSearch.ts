import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { PacsServer, PacsStudy } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'
import { appended, emptyQuery, PAGE, queryInput, type QueryFields } from './query.ts'

export interface PacsSearch {
  readonly servers: ShallowRef<readonly PacsServer[] | null>
  readonly server: ComputedRef<PacsServer | null>
  readonly serverId: Ref<string | null>
  readonly fields: Ref<QueryFields>
  readonly studies: ShallowRef<readonly PacsStudy[]>
  readonly searched: Ref<boolean>
  readonly busy: Ref<boolean>
  readonly more: Ref<boolean>
  readonly problem: Ref<string | null>
  loadServers(select?: string | null): Promise<void>
  search(): Promise<void>
  next(): Promise<void>
  stop(): void
  /** Asks again which of the rows are in the study now. */
  refresh(): Promise<void>
}

const LAST = 'sln.pacs.server'

/** The servers of this computer and a search at one of them, page by page. */
export function usePacsSearch(): PacsSearch {
  const client = useClient()
  const servers = shallowRef<readonly PacsServer[] | null>(null)
  const serverId = ref<string | null>(null)
  const fields = ref<QueryFields>(emptyQuery())
  const studies = shallowRef<readonly PacsStudy[]>([])
  const searched = ref(false), busy = ref(false), more = ref(false)
  const problem = ref<string | null>(null)
  let turn = 0
  // What one PACS answered is never acted on at another.
  watch(serverId, () => {
    turn++
    studies.value = []
    searched.value = busy.value = more.value = false
    problem.value = null
  }, { flush: 'sync' })

  async function ask(offset: number): Promise<void> {
    if (serverId.value === null) return
    const mine = ++turn
    busy.value = true
    problem.value = null
    localStorage.setItem(LAST, serverId.value)
    const answer = await client.call('pacs.studies', queryInput(serverId.value, fields.value, offset))
    if (mine !== turn) return
    busy.value = false
    searched.value = true
    if (!answer.ok) {
      if (answer.error.code !== 'cancelled') problem.value = answer.error.message
      return
    }
    const before = studies.value.length
    studies.value = offset === 0 ? answer.value.studies : appended(studies.value, answer.value.studies)
    more.value = answer.value.more && studies.value.length > (offset === 0 ? 0 : before)
  }
  return {
    servers, serverId, fields, studies, searched, busy, more, problem,
    server: computed(() => servers.value?.find((s) => s.id === serverId.value) ?? null),
    async loadServers(select) {
      const answer = await client.call('pacs.servers', {})
      problem.value = answer.ok ? null : answer.error.message
      servers.value = answer.ok ? answer.value.servers : []
      const wanted = select ?? serverId.value ?? localStorage.getItem(LAST)
      serverId.value = servers.value.find((s) => s.id === wanted)?.id ?? servers.value[0]?.id ?? null
    },
    search: () => {
      studies.value = []
      more.value = false
      return ask(0)
    },
    next: () => ask(studies.value.length),
    stop: () => void client.call('pacs.stopSearch', {}),
    async refresh() {
      const id = serverId.value
      if (id === null || !searched.value || busy.value) return
      const answer = await client.call('pacs.studies', { ...queryInput(id, fields.value, 0), limit: Math.max(PAGE, Math.min(1000, studies.value.length)) })
      if (!answer.ok) return
      const labels = new Map(answer.value.studies.map((s) => [s.studyUid, s.caseLabel]))
      studies.value = studies.value.map((s) => ({ ...s, caseLabel: labels.get(s.studyUid) ?? s.caseLabel }))
    },
  }
}
