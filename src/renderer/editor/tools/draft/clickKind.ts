import type { Shape } from '../../document/document.ts'

/** What tells the click tools apart: polygon and spline share their states. */
export interface ClickKind { readonly id: 'polygon' | 'spline'; readonly shape: Shape; readonly noun: string }
