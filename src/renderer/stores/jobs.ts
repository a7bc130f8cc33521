import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Job } from '#shared/contract/index.ts'
import { useClient } from '#renderer/client/index.ts'

/** Long work as the main side reports it. */
export const useJobs = defineStore('jobs', () => {
  const client = useClient()
  const jobs = ref<Record<string, Job>>({})
  client.onEvent((event) => {
    if (event.name === 'job') jobs.value = { ...jobs.value, [event.payload.id]: event.payload }
  })
  const running = computed(() => Object.values(jobs.value).filter((j) => j.state === 'running'))
  /** Resolves with the job's last state once it has ended. */
  const ended = (id: string): Promise<Job> => new Promise((resolve, reject) => {
    const check = async (): Promise<void> => {
      const known = jobs.value[id]
      if (known !== undefined && known.state !== 'running') return resolve(known)
      const result = await client.call('jobs.get', { jobId: id })
      if (!result.ok) return reject(new Error(result.error.message))
      jobs.value = { ...jobs.value, [id]: result.value }
      if (result.value.state !== 'running') return resolve(result.value)
      setTimeout(() => void check(), 400)
    }
    void check()
  })
  const cancel = async (id: string): Promise<void> => {
    await client.call('jobs.cancel', { jobId: id })
  }
  return { jobs, running, ended, cancel }
})
