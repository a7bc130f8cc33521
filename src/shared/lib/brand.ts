declare const brand: unique symbol

/** A value that only its maker may produce: an image point is not a screen point, a case id is not an image id. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
