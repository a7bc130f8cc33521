import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { SessionState } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { useClient } from '#renderer/client/index.ts'

/** Who is signed in and which study is open, as the main side last said. */
export const useSession = defineStore('session', () => {
  const client = useClient()
  const state = ref<SessionState | null>(null)
  const connected = ref(true)
  /** The session ended without a sign-out of the person's own (a time-out, a restart); until somebody signs in again. */
  const ended = ref(false)
  const user = computed(() => state.value?.user ?? null)
  const study = computed(() => state.value?.study ?? null)
  const accept = (result: Result<SessionState, { message: string }>): string | null => {
    if (result.ok) state.value = result.value
    if (state.value?.user != null) ended.value = false
    return result.ok ? null : result.error.message
  }
  /** Each returns null, or the sentence to show. */
  const refresh = async (): Promise<string | null> => accept(await client.call('session.state', {}))
  const signIn = async (login: string, password: string): Promise<string | null> => accept(await client.call('session.signIn', { login, password }))
  const signInDemo = async (login: string): Promise<string | null> => accept(await client.call('session.signInDemo', { login }))
  const signOut = async (): Promise<void> => {
    await client.call('session.signOut', {})
    await refresh()
  }
  client.onState((now) => {
    connected.value = now
    if (now) void refresh()
  })
  client.onSignedOut(() => {
    if (state.value?.user === null) return
    ended.value = true
    void refresh()
  })
  client.onEvent((event) => {
    if (event.name === 'study') void refresh()
  })
  return { state, user, study, connected, ended, refresh, signIn, signInDemo, signOut }
})
