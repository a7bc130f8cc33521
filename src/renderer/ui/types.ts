import type { Component } from 'vue'

/** An entry of a dropdown or context menu. */
export type MenuEntry =
  | { readonly kind?: 'item'; readonly id: string; readonly label: string; readonly icon?: Component | undefined; readonly shortcut?: string | undefined
      readonly disabled?: boolean | undefined; readonly danger?: boolean | undefined; readonly checked?: boolean | undefined }
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string }

/** A choice of a select, segmented control or radio group. `colour` is any CSS colour, drawn as a small square. */
export interface Choice<T extends string | number = string> {
  readonly value: T
  readonly label: string
  readonly hint?: string | undefined
  readonly icon?: Component | undefined
  readonly colour?: string | undefined
  readonly disabled?: boolean | undefined
  /** A one-letter key shown beside the label. */
  readonly shortcut?: string | undefined
}

/** A command as the palette and the shortcut sheet show it. `shortcut` as 'Ctrl+K', 'Shift+A', '['. */
export interface PaletteCommand {
  readonly id: string
  readonly title: string
  readonly group?: string | undefined
  readonly shortcut?: string | undefined
  readonly keywords?: string | undefined
  readonly icon?: Component | undefined
  readonly disabled?: boolean | undefined
}

export interface NavEntry {
  readonly id: string
  readonly label: string
  readonly icon: Component
  readonly shortcut?: string | undefined
  /** A count that wants attention. */
  readonly badge?: number | undefined
  readonly disabled?: boolean | undefined
}

export interface TabEntry {
  readonly id: string
  readonly label: string
  readonly count?: number | undefined
  readonly disabled?: boolean | undefined
}

/** States are never shown by colour alone: each has an icon and a word. */
export type StateKind = 'neutral' | 'ok' | 'attention' | 'stop' | 'accent' | 'progress'

export interface KeyValue {
  readonly key: string
  readonly value: string | number | null | undefined
  readonly unit?: string | undefined
  readonly title?: string | undefined
  readonly numeric?: boolean | undefined
}
