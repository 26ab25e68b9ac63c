/**
 * `wx` as far as the app may use it, and nothing that swallows what it does not know: a call of anything else throws,
 * and package.test.mjs reads the compiled code for names that are not here.
 */

/** @param phone what is on the phone, see phone.mjs */
export function fakeWx(phone) {
  const later = (tell, ...given) => phone.later(() => tell?.(...given))
  const going = (how) => ({ url, success }) => {
    phone.visited.push(how ? `${how} ${url}` : url)
    later(success, {})
  }
  const info = { language: 'zh_CN', theme: phone.theme, fontSizeSetting: phone.fontSize, SDKVersion: '3.4.0', platform: 'ios', version: '8.0.50' }
  const window = { windowWidth: 375, windowHeight: 780, screenWidth: 375, screenHeight: 812, statusBarHeight: 44, pixelRatio: 2, safeArea: { top: 44, bottom: 778, left: 0, right: 375 } }
  return {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    canIUse: () => true,
    getAppBaseInfo: () => info,
    getWindowInfo: () => window,
    getDeviceInfo: () => ({ platform: 'ios', model: 'iPhone 13' }),
    getSystemInfoSync: () => ({ ...info, ...window }),
    getLaunchOptionsSync: () => ({ path: 'pages/home/index', query: {}, scene: 1001 }),
    getMenuButtonBoundingClientRect: () => ({ left: 281, right: 368, top: 48, bottom: 80, width: 87, height: 32 }),
    onThemeChange: () => undefined,

    getStorageSync: (key) => phone.storage.get(key) ?? '',
    setStorageSync: (key, value) => void phone.storage.set(key, value),
    removeStorageSync: (key) => void phone.storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...phone.storage.keys()], currentSize: 1, limitSize: 10_240 }),

    getNetworkType: ({ success }) => success({ networkType: phone.online ? 'wifi' : 'none' }),
    onNetworkStatusChange: () => undefined,
    request(asked) {
      phone.later(() => {
        if (!phone.online) return asked.fail?.({ errMsg: 'request:fail' })
        const { status, body } = phone.answer(asked)
        // WeChat parses what says it is JSON; a problem it hands on as text.
        asked.success?.({ statusCode: status, data: status < 400 ? body : JSON.stringify(body), header: {} })
      })
      return { abort: () => undefined, onHeadersReceived: () => undefined }
    },
    uploadFile({ success, fail, formData, name }) {
      phone.uploads.push({ name, formData })
      phone.later(() => (phone.online ? success?.({ statusCode: 201, data: '' }) : fail?.({ errMsg: 'uploadFile:fail' })))
      return { onProgressUpdate: (listener) => phone.later(() => listener({ progress: 100 })) }
    },

    login: ({ success, fail }) => phone.later(() => (phone.online ? success?.({ code: 'code' }) : fail?.({ errMsg: 'login:fail' }))),
    chooseImage: ({ success }) => later(success, { tempFilePaths: ['wxfile://tmp/taken.jpg'], tempFiles: [{ path: 'wxfile://tmp/taken.jpg', size: 300_000 }] }),
    getImageInfo: ({ src, success }) => later(success, { width: 4000, height: 3000, path: src, type: src.endsWith('png') ? 'png' : 'jpeg' }),
    compressImage: ({ success }) => later(success, { tempFilePath: 'wxfile://tmp/small.jpg' }),
    canvasToTempFilePath: ({ canvas, success, fail }) => later(canvas ? success : fail, canvas ? { tempFilePath: 'wxfile://tmp/signature.png' } : { errMsg: 'canvasToTempFilePath:fail' }),
    previewImage: ({ urls }) => void phone.previews.push(urls),
    makePhoneCall: ({ phoneNumber }) => void phone.calls.push(phoneNumber),
    getFileSystemManager: () => ({
      copyFile: ({ destPath, success }) => {
        phone.files.add(destPath)
        later(success, {})
      },
      accessSync: (path) => {
        if (!phone.files.has(path)) throw new Error('accessSync:fail no such file')
      },
      statSync: () => ({ size: 200_000 }),
      unlink: ({ filePath, complete }) => {
        phone.files.delete(filePath)
        later(complete, {})
      },
    }),

    navigateTo: going(''),
    redirectTo: going('redirect'),
    reLaunch: going('relaunch'),
    navigateBack: ({ success } = {}) => {
      phone.visited.push('back')
      later(success, {})
    },
    showToast: ({ title }) => void phone.toasts.push(title),
    pageScrollTo: ({ success } = {}) => later(success, {}),
    stopPullDownRefresh: () => void (phone.pulls += 1),
    createSelectorQuery: () => selectorQuery(phone),
  }
}

/** Answers after exec(), as a phone does: a canvas has its node, everything its box. */
function selectorQuery(phone) {
  const asked = []
  const box = { left: 16, top: 200, right: 359, bottom: 400, width: 343, height: 200 }
  const query = {
    in: () => query,
    select: () => query,
    selectAll: () => query,
    selectViewport: () => query,
    fields: (fields, tell) => asked.push([fields.node ? { ...box, node: canvas(phone) } : box, tell]) && query,
    boundingClientRect: (tell) => asked.push([box, tell]) && query,
    exec: (tell) => phone.later(() => {
      asked.forEach(([found, each]) => each?.(found))
      tell?.(asked.map(([found]) => found))
    }),
  }
  return query
}

function canvas(phone) {
  const draw = (name) => (...given) => void phone.strokes.push([name, ...given])
  const pen = Object.fromEntries(['scale', 'beginPath', 'moveTo', 'lineTo', 'stroke', 'clearRect'].map((name) => [name, draw(name)]))
  return { width: 0, height: 0, getContext: () => pen }
}
