import type { Ref } from 'vue'
import type { SegmentationModel } from '#shared/domain/index.ts'
import type { Cine } from '#renderer/canvas/cine/index.ts'
import type { ScreenCommand } from '#renderer/stores/index.ts'
import type { ViewportCommand } from '#renderer/canvas/vue/index.ts'
import type { Draft } from './drafts.ts'

export interface ReviewActions {
  ready(): boolean
  step(direction: 1 | -1): void
  beside(direction: 1 | -1): void
  correct(): void
  mayAsk(): boolean
  ask(): void
  /** Accepts. */
  decide(): void
  /** A digit: a mask to draw, or a reason while a rejection asks for one. */
  digit(n: number, id: string): void
  toggleBand(): void
  toggleGrid(): void
  run(command: ViewportCommand): void
  /** The cine in view; null for a still. */
  cine(): Cine | null
  mark(): void
  readonly rejecting: Ref<boolean>
  readonly difficulty: Ref<Draft['difficulty']>
  readonly heat: Ref<SegmentationModel | 'none'>
  readonly hidden: Ref<boolean>
}

const MASKS: readonly (readonly [id: string, title: string])[] = [['deeplabv3', 'DeepLabV3'], ['unet', 'U-Net'], ['unetpp', 'U-Net++'], ['fusion', 'fused mask'], ['reference', 'ground truth'], ['correction', 'correction']]
const HEATS: readonly (SegmentationModel | 'none')[] = ['none', 'fusion', 'deeplabv3', 'unet', 'unetpp']

/** Everything the review does, by key; the same list fills the palette and the shortcut sheet. */
export function reviewCommands(a: ReviewActions): ScreenCommand[] {
  const image = (command: ViewportCommand, title: string, shortcut: string): ScreenCommand => ({ id: `review.view.${command}`, title, group: 'Image', shortcut, run: () => a.run(command) })
  const difficulty = (value: 'easy' | 'medium' | 'hard', shortcut: string): ScreenCommand => ({ id: `review.${value}`, title: `Difficulty: ${value}`, group: 'Judgement', shortcut, run: () => { a.difficulty.value = a.difficulty.value === value ? null : value } })
  return [
    { id: 'review.accept', title: 'Accept the mask', group: 'Review', shortcut: 'A', when: a.ready, run: () => a.decide() },
    { id: 'review.correct', title: 'Correct the mask', group: 'Review', shortcut: 'C', when: a.ready, run: () => a.correct() },
    { id: 'review.reject', title: 'Reject the mask', group: 'Review', shortcut: 'R', when: a.ready, run: () => { a.rejecting.value = true } },
    { id: 'review.ask', title: 'Ask a second reviewer', group: 'Review', shortcut: 'Q', when: a.mayAsk, run: () => a.ask() },
    { id: 'review.back', title: 'Do not reject', group: 'Review', shortcut: 'Escape', when: () => a.rejecting.value, run: () => { a.rejecting.value = false } },
    { id: 'review.next', title: 'Next case that needs eyes', group: 'Queue', shortcut: 'ArrowRight', run: () => a.step(1) },
    { id: 'review.previous', title: 'Previous case that needs eyes', group: 'Queue', shortcut: 'ArrowLeft', run: () => a.step(-1) },
    { id: 'review.right', title: 'Case to the right', group: 'Queue', shortcut: 'Shift+ArrowRight', run: () => a.beside(1) },
    { id: 'review.left', title: 'Case to the left', group: 'Queue', shortcut: 'Shift+ArrowLeft', run: () => a.beside(-1) },
    { id: 'review.play', title: 'Play or pause the cine', group: 'Cine', shortcut: ' ', when: () => a.cine() !== null, run: () => a.cine()?.toggle() },
    { id: 'review.frameBefore', title: 'Frame before', group: 'Cine', shortcut: ',', when: () => a.cine() !== null, run: () => a.cine()?.step(-1) },
    { id: 'review.frameAfter', title: 'Frame after', group: 'Cine', shortcut: '.', when: () => a.cine() !== null, run: () => a.cine()?.step(1) },
    { id: 'review.keyFrame', title: 'Mark the key frame', group: 'Cine', shortcut: 'K', when: () => a.cine() !== null, run: () => a.mark() },
    ...MASKS.map(([id, title], i): ScreenCommand => ({ id: `review.mask.${id}`, title: `Show or hide the ${title}`, group: 'Masks', shortcut: String(i + 1), run: () => a.digit(i + 1, id) })),
    { id: 'review.band', title: 'Hatch where the networks disagree', group: 'Masks', shortcut: 'B', run: () => a.toggleBand() },
    { id: 'review.grid', title: 'Light table of the queue', group: 'Queue', shortcut: 'L', run: () => a.toggleGrid() },
    { id: 'review.hide', title: 'Hide everything that is drawn', group: 'Masks', shortcut: 'H', run: () => { a.hidden.value = !a.hidden.value } },
    { id: 'review.heat', title: 'Next probability map', group: 'Masks', shortcut: 'G', run: () => { a.heat.value = HEATS[(HEATS.indexOf(a.heat.value) + 1) % HEATS.length] ?? 'none' } },
    difficulty('easy', 'E'), difficulty('medium', 'M'), difficulty('hard', 'D'),
    image('fit', 'Fit the image', 'F'), image('zoomIn', 'Zoom in', '+'), image('zoomOut', 'Zoom out', '-'), image('smooth', 'Smooth or sharp pixels', 'N'), image('crosshair', 'Crosshair', 'X'), image('nextWindow', 'Next grey window', 'W'), image('fullWindow', 'Full grey window', '0'),
  ]
}
