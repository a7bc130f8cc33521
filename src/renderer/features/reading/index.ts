import { Eye, EyeOff, ListChecks } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

export const features: readonly FeatureDoor[] = [
  { id: 'sessions', title: 'Reading', icon: Eye, roles: ['reader'], order: 10, path: '/sessions', goKey: 'h', component: async () => (await import('./SessionsPage.vue')).default },
  { id: 'reading', title: 'Reading session', icon: Eye, roles: ['reader'], order: 99, path: '/reading/:sessionId', bare: true, component: async () => (await import('./ReadingScreen.vue')).default },
  { id: 'protocols', title: 'Reader study', icon: ListChecks, roles: ['investigator'], order: 40, path: '/protocols', goKey: 'r', component: async () => (await import('./ProtocolsPage.vue')).default },
  { id: 'textMasks', title: 'Burned-in text', icon: EyeOff, roles: ['investigator'], order: 98, path: '/text-masks', hidden: true, component: async () => (await import('./TextMasksScreen.vue')).default },
]

export { createActiveClock, type ActiveClock } from './activeClock.ts'
