import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { useSession } from '#renderer/stores/index.ts'
import { features } from './features.ts'

/** The path where a role begins. */
export function homeOf(role: string): string {
  return features.find((f) => f.roles.some((r) => r === role))?.path.replace(/\/:.*$/, '') ?? '/start'
}

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', redirect: '/start' },
      { path: '/start', name: 'start', component: () => import('./StartPage.vue') },
      ...features.map((f) => ({ path: f.path, name: f.id, component: f.component, meta: { roles: f.roles, bare: f.bare === true } })),
      { path: '/:rest(.*)*', redirect: '/start' },
    ],
  })
  router.beforeEach(async (to) => {
    const session = useSession()
    if (session.state === null) await session.refresh()
    const user = session.user
    const roles = to.meta['roles'] as readonly string[] | undefined
    if (to.name === 'start' && to.query['doors'] !== undefined && user?.role === 'investigator') return true
    if (to.name === 'start') return user === null || user.mustChangePassword ? true : homeOf(user.role)
    if (user === null || user.mustChangePassword) return { name: 'start' }
    return roles === undefined || roles.includes(user.role) ? true : homeOf(user.role)
  })
  return router
}
