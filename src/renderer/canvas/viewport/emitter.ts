/** Typed listeners; `on` returns the way to take one off. */
export interface Emitter<Events> {
  on<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): () => void
  emit<K extends keyof Events>(type: K, event: Events[K]): void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners: { [K in keyof Events]?: Set<(event: Events[K]) => void> } = {}
  return {
    on(type, listener) {
      const set = (listeners[type] ??= new Set())
      set.add(listener)
      return () => set.delete(listener)
    },
    emit(type, event) {
      for (const listener of listeners[type] ?? []) listener(event)
    },
  }
}
