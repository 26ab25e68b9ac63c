/** Photos as the person takes them, made small enough for a weak network before anything else happens to them. */

const LONGEST = 1600
const QUALITY = 0.82

/** What was taken, as it came, and how many more were chosen than there was room for. Nothing when he turned away. */
export interface Taken { paths: string[]; over: number }

/** uni-h5 drops whatever is beyond the count without a word; WeChat lets nobody choose more. */
function countFor(most: number): number {
  // #ifdef H5
  if (most > 1) return 99
  // #endif
  return most
}

export async function takePhotos(most: number): Promise<Taken> {
  const taken = await chosen(countFor(most))
  taken.slice(most).forEach(letGo)
  return { paths: taken.slice(0, most), over: Math.max(0, taken.length - most) }
}

function chosen(count: number): Promise<string[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count,
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: ({ tempFilePaths }) => resolve(([] as string[]).concat(tempFilePaths)),
      fail: () => resolve([]),
    })
  })
}

/** The same photo, small. One at a time: several large ones at once are more than a cheap phone has memory for. */
export function small(path: string): Promise<string> {
  // #ifdef H5
  return smallByCanvas(path)
  // #endif
  // #ifdef MP-WEIXIN
  return smallByWeChat(path)
  // #endif
}

/** It is needed no more. WeChat clears away by itself. */
export function letGo(path: string): void {
  // #ifdef H5
  URL.revokeObjectURL(path)
  // #endif
}

// #ifdef H5
async function smallByCanvas(path: string): Promise<string> {
  try {
    const picture = await createImageBitmap(await (await fetch(path)).blob())
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    if (!blob) return path
    letGo(path)
    return URL.createObjectURL(blob)
  } catch {
    // Not a picture this browser can open: the server says so in its own words.
    return path
  }
}
// #endif

// #ifdef MP-WEIXIN
function smallByWeChat(path: string): Promise<string> {
  return new Promise((resolve) => {
    uni.getImageInfo({
      src: path,
      success: ({ width, height }) => {
        const scale = Math.min(1, LONGEST / Math.max(width, height))
        const narrower = scale < 1 ? { compressedWidth: Math.round(width * scale) } : {}
        const asked = {
          src: path, quality: QUALITY * 100, ...narrower,
          success: ({ tempFilePath }: { tempFilePath: string }) => resolve(tempFilePath),
          fail: () => resolve(path),
        }
        uni.compressImage(asked as never)
      },
      fail: () => resolve(path),
    })
  })
}
// #endif
