import { createStore, del, get, set } from 'idb-keyval'
import { newName } from './names'
import type { Shelf } from './shelf'

const store = createStore('tean', 'shelf')
const paths = new Map<string, string>()

export const browserShelf: Shelf = {
  async keep(path) {
    const blob = await (await fetch(path)).blob()
    const name = newName()
    await set(name, blob, store)
    return { name, type: blob.type === 'image/png' ? 'image/png' : 'image/jpeg', size: blob.size }
  },

  async pathOf(name) {
    const held = paths.get(name)
    if (held) return held
    const blob = await get<Blob>(name, store)
    if (!blob) return null
    const path = URL.createObjectURL(blob)
    paths.set(name, path)
    return path
  },

  async drop(name) {
    const path = paths.get(name)
    if (path) URL.revokeObjectURL(path)
    paths.delete(name)
    await del(name, store)
  },
}
