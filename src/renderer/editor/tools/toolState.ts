import type { Calibration, GreyImage, ImagePoint } from '#shared/geometry/index.ts'
import type { AnnotationDocument, FrameAnnotation } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import type { Selection } from '../document/selection.ts'
import type { ToolEvent } from '../input/events.ts'
import type { ToolOptions } from './options.ts'
import type { ToolOverlay } from './overlay.ts'

/** Finds paths along edges; the answer may come at once or later (from a worker). Only the last answer asked for counts. */
export interface LiveWirePort {
  path(image: GreyImage, frame: number, from: ImagePoint, to: ImagePoint, done: (points: readonly ImagePoint[]) => void): void
}

/** What a tool's state may see and do. */
export interface ToolContext {
  readonly document: AnnotationDocument
  readonly frame: number
  readonly annotation: FrameAnnotation
  readonly options: ToolOptions
  readonly selection: Selection
  /** The pixels of this frame, if the adapter gave them. */
  readonly image: GreyImage | null
  readonly calibration: Calibration
  readonly liveWire: LiveWirePort
  /** A length on the screen (CSS pixels) in image pixels across at this zoom. */
  reach(cssPixels: number): number
  /** How far apart two places are on the screen, in CSS pixels. */
  apart(a: ImagePoint, b: ImagePoint): number
  /** How much taller than wide the pixels of this frame are on the patient, and so on the screen. */
  readonly pixelAspect: number
  /** One gesture, one mark. */
  commit(gesture: string, operations: readonly Operation[]): void
  select(selection: Selection): void
  setOptions(options: Partial<ToolOptions>): void
  /** An id that no contour or measurement of this annotation ever had. */
  newId(): string
  /** For an answer that comes later: replaces the state, if it is still the one that asked. */
  resume(asker: ToolState, next: (context: ToolContext) => ToolState): void
}

/**
 * One state of a tool. Every method returns the next state (often itself).
 * complete: Enter or double click, finish with what is there. cancel: Escape, leave no trace of the gesture.
 * interrupt: the user was taken away (another tool, another case, focus lost): keep what can be kept, lose nothing that was acknowledged.
 */
export interface ToolState {
  /** `tool/State`, for tests and for the curious. */
  readonly name: string
  /** A gesture is under way. */
  readonly active: boolean
  /** The gesture lasts while the button is held: a keyboard click presses and stays pressed until the next one. */
  readonly holding: boolean
  on(event: ToolEvent, context: ToolContext): ToolState
  complete(context: ToolContext): ToolState
  cancel(context: ToolContext): ToolState
  interrupt(context: ToolContext): ToolState
  overlay(context: ToolContext): ToolOverlay
  /** Backspace or Delete while the state is active; true when it did something. */
  erase?(context: ToolContext): ToolState
}

export type ToolId = 'select' | 'polygon' | 'freehand' | 'spline' | 'livewire' | 'brush' | 'eraser' | 'flood' | 'caliper' | 'ellipse'

/** A tool is the state it begins in, which it reads off the document (a draft may be waiting, or may have been undone away). */
export interface Tool {
  readonly id: ToolId
  readonly title: string
  enter(context: ToolContext): ToolState
}

/** The parts of a state in which no gesture is under way. */
export const idle = (name: string): Pick<ToolState, 'name' | 'active' | 'holding'> => ({ name, active: false, holding: false })
export const drawing = (name: string): Pick<ToolState, 'name' | 'active' | 'holding'> => ({ name, active: true, holding: false })
export const held = (name: string): Pick<ToolState, 'name' | 'active' | 'holding'> => ({ name, active: true, holding: true })

/** For idle states: there is nothing to complete, cancel or interrupt. */
export function unmoved(state: () => ToolState): Pick<ToolState, 'complete' | 'cancel' | 'interrupt'> {
  return { complete: state, cancel: state, interrupt: state }
}
