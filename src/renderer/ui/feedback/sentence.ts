/**
 * A message of the main side as the beginning of a sentence on screen: its first word gets a capital.
 * A word that goes on with anything else than a space or a stop is a name (a file, a path, a column, a code) and stays as it is.
 */
export const sentence = (text: string): string => (/^[a-z]+(?=[\s,:;.!?’']|$)(?!\.\w)/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text)
