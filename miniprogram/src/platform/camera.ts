/** Photos as the person takes them, made small enough for a weak network before anything else happens to them. */

const LONGEST = 1600
const QUALITY = 0.82

/** Paths of the photos taken, at most `most`; empty when he turned away. */
export async function takePhotos(most: number): Promise<string[]> {
  const taken = await chosen(most)
  return Promise.all(taken.map(small))
}

function chosen(most: number): Promise<string[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count: most,
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: ({ tempFilePaths }) => resolve(([] as string[]).concat(tempFilePaths).slice(0, most)),
      fail: () => resolve([]),
    })
  })
}

function small(path: string): Promise<string> {
  // #ifdef H5
  return smallByCanvas(path)
  // #endif
  // #ifdef MP-WEIXIN
  return smallByWeChat(path)
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
    return blob ? URL.createObjectURL(blob) : path
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
