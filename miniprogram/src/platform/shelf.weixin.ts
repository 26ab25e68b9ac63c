import { newName } from './names'
import type { Kept, Shelf } from './shelf'

const files = () => uni.getFileSystemManager()
const placeOf = (name: string) => `${(uni as unknown as { env: { USER_DATA_PATH: string } }).env.USER_DATA_PATH}/${name}`

export const weixinShelf: Shelf = {
  async keep(path) {
    const type = await typeOf(path)
    const name = `${newName()}.${type === 'image/png' ? 'png' : 'jpg'}`
    await copied(path, placeOf(name))
    return { name, type, size: sizeOf(name) }
  },

  async pathOf(name) {
    try {
      files().accessSync(placeOf(name))
      return placeOf(name)
    } catch {
      return null
    }
  },

  drop(name) {
    return new Promise((resolve) => files().unlink({ filePath: placeOf(name), complete: () => resolve() } as never))
  },
}

function typeOf(path: string): Promise<Kept['type']> {
  return new Promise((resolve, reject) =>
    uni.getImageInfo({ src: path, success: ({ type }) => resolve(type === 'png' ? 'image/png' : 'image/jpeg'), fail: reject }),
  )
}

function copied(srcPath: string, destPath: string): Promise<unknown> {
  return new Promise((resolve, reject) => files().copyFile({ srcPath, destPath, success: resolve, fail: reject }))
}

function sizeOf(name: string): number {
  return (files().statSync(placeOf(name), false) as unknown as { size: number }).size
}
