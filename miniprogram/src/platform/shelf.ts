// #ifdef H5
import { browserShelf } from './shelf.h5'
// #endif
// #ifdef MP-WEIXIN
import { weixinShelf } from './shelf.weixin'
// #endif

/**
 * Pictures kept on this phone until the unit has them: they outlive the app being killed, which temporary files do not.
 * A name is ours; `pathOf` gives what an <image> and an upload take, null when it is gone.
 */
export interface Shelf {
  keep(path: string): Promise<Kept>
  pathOf(name: string): Promise<string | null>
  drop(name: string): Promise<void>
}

export interface Kept { name: string; type: 'image/jpeg' | 'image/png'; size: number }

let chosen!: Shelf
// #ifdef H5
chosen = browserShelf
// #endif
// #ifdef MP-WEIXIN
chosen = weixinShelf
// #endif
export const shelf: Shelf = chosen
