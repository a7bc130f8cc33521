import type { Component } from 'vue'
import type { Role } from '#shared/domain/index.ts'

/** What a feature folder's index exports: how the shell shows it, to whom, and under which path. */
export interface FeatureDoor {
  readonly id: string
  readonly title: string
  readonly icon: Component
  readonly roles: readonly Role[]
  /** Place on the rail. */
  readonly order: number
  /** Path of the screen, with parameters: `/review/:caseId?`. */
  readonly path: string
  readonly component: () => Promise<Component>
  /** Key of "go to" after G, such as 'w'. */
  readonly goKey?: string
  /** Whole window, without the rail (the reading screen). */
  readonly bare?: boolean
  /** Not on the rail: reached from another screen. */
  readonly hidden?: boolean
}
