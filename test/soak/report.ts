/** What a long run found. `failures` is empty when all is well; `lines` say what was done, in figures. */
export interface SoakReport { readonly name: string; readonly rounds: number; readonly lines: readonly string[]; readonly failures: readonly string[] }

export interface SoakOptions { readonly rounds: number; readonly seed: number; readonly say?: (text: string) => void }

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
