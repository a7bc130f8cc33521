/**
 * Colours with a meaning: the same series has the same colour in the viewport, the legends, the tables, the charts and the report.
 * `dark` is drawn on the image and on dark panels, `light` on paper. Neighbours stay apart with deuteranopia (checked in test/unit/ui).
 */
export const meanings = [
  'groundTruth', 'deeplabv3', 'unet', 'unetpp', 'fused', 'correction', 'model', 'senior', 'junior', 'chance',
] as const

export type Meaning = (typeof meanings)[number]
export type ThemeName = 'dark' | 'light'

export const meaningColours: Readonly<Record<ThemeName, Readonly<Record<Meaning, string>>>> = {
  dark: {
    groundTruth: '#ff8ad3', deeplabv3: '#f2a541', unet: '#10a291', unetpp: '#9b8cff', fused: '#d8f04a',
    correction: '#ffffff', model: '#f4f1e8', senior: '#d98cb3', junior: '#8fa3ad', chance: '#5b6368',
  },
  light: {
    groundTruth: '#c2187f', deeplabv3: '#b06a00', unet: '#0b7f71', unetpp: '#5a48d6', fused: '#6f7d00',
    correction: '#16191b', model: '#16191b', senior: '#a84a79', junior: '#56707d', chance: '#8b9398',
  },
}

/** The word a person reads beside the colour. */
export const meaningLabels: Readonly<Record<Meaning, string>> = {
  groundTruth: 'Ground truth', deeplabv3: 'DeepLabV3', unet: 'U-Net', unetpp: 'U-Net++', fused: 'Fused',
  correction: 'Correction', model: 'Model', senior: 'Senior readers', junior: 'Junior readers', chance: 'Chance',
}

/** Colours for series without a fixed meaning (further signatures, cohorts, factors), in order of use. */
export const seriesColours: Readonly<Record<ThemeName, readonly string[]>> = {
  dark: ['#4aa8ff', '#f2a541', '#10a291', '#d98cb3', '#9b8cff', '#d8f04a', '#8fa3ad', '#e5695e'],
  light: ['#0b66c3', '#b06a00', '#0b7f71', '#a84a79', '#5a48d6', '#6f7d00', '#56707d', '#b3261e'],
}

const isMeaning = (name: string): name is Meaning => (meanings as readonly string[]).includes(name)

/** A colour by meaning, by series number (wrapping) or, for anything else, the text itself as a CSS colour. */
export function resolveColour(colour: Meaning | number | string, theme: ThemeName): string {
  if (typeof colour === 'number') {
    const list = seriesColours[theme]
    return list[((colour % list.length) + list.length) % list.length] as string
  }
  return isMeaning(colour) ? meaningColours[theme][colour] : colour
}
