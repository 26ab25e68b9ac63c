import { defineStore } from 'pinia'
import { ref } from 'vue'
import { uploads as api, type FileKind, type UploadPolicy } from '@/api'
import { Refused, Unreachable } from '@/api/door'
import { shelf, type Kept } from '@/platform/shelf'
import { recall, remember } from '@/platform/storage'
import { pause } from '@/platform/pause'

/** waiting → sending → checking → sent; or failed (try again), or refused (take another). */
export type UploadState = 'waiting' | 'sending' | 'checking' | 'sent' | 'failed' | 'refused'

export interface Upload extends Kept {
  kind: FileKind
  state: UploadState
  /** Percent of the bytes on the way. */
  progress: number
  /** The server's id, once it is known that the bytes arrived under it. */
  file?: string
  reason?: string
}

const VERDICT_WAITS = [200, 300, 500, 800, 1200, 2000, 3000, 4000]

/** Files on their way from this phone to the unit. What was begun goes on after the app was killed. */
export const useUploads = defineStore('uploads', () => {
  const held = ref<Record<string, Upload>>(restored())
  const running = new Map<string, Promise<string>>()

  function save() {
    remember('uploads', held.value)
  }

  /** Keep a picture on the phone and begin to send it; its name at once. */
  async function add(path: string, kind: FileKind): Promise<string> {
    const kept = await shelf.keep(path)
    held.value[kept.name] = { ...kept, kind, state: 'waiting', progress: 0 }
    save()
    void ensure(kept.name).catch(() => undefined)
    return kept.name
  }

  /** The server's id of a file it has found good. Sends what has not been sent; several who ask wait for the same. */
  function ensure(name: string): Promise<string> {
    const begun = running.get(name) ?? send(name).finally(() => running.delete(name))
    running.set(name, begun)
    return begun
  }

  async function send(name: string): Promise<string> {
    const upload = held.value[name]
    if (!upload) throw new Refused(400, 'file.lost', '照片不在这部手机上了，请重新拍照。')
    if (upload.state === 'sent' && upload.file) return upload.file
    try {
      upload.file ??= await deliver(upload)
      save()
      return await judged(upload, upload.file)
    } catch (error) {
      upload.state = error instanceof Refused && error.code === 'file.refused' ? 'refused' : 'failed'
      upload.reason = (error as Unreachable).sentence
      if (error instanceof Refused && error.status === 404) delete upload.file
      save()
      throw error
    }
  }

  async function deliver(upload: Upload): Promise<string> {
    upload.state = 'sending'
    upload.progress = 0
    const path = await shelf.pathOf(upload.name)
    if (!path) throw new Refused(400, 'file.refused', '照片不在这部手机上了，请重新拍照。')
    const policy = await api.request(upload.kind, upload.type, upload.size)
    await post(policy, path, (percent) => (upload.progress = percent))
    return policy.file
  }

  async function judged(upload: Upload, file: string): Promise<string> {
    upload.state = 'checking'
    for (const wait of VERDICT_WAITS) {
      const status = await api.status(file)
      if (status.verdict === 'verified') return found(upload, file)
      if (status.verdict === 'refused') throw new Refused(400, 'file.refused', status.reason ?? '照片没有通过核验，请重新拍照。')
      await pause(wait)
    }
    throw new Unreachable('照片已传到，还在核验，稍后会自动再看。')
  }

  function found(upload: Upload, file: string): string {
    upload.state = 'sent'
    upload.progress = 100
    save()
    return file
  }

  async function remove(name: string): Promise<void> {
    delete held.value[name]
    save()
    await shelf.drop(name)
  }

  return { held, add, ensure, remove }
})

function restored(): Record<string, Upload> {
  const kept = recall<Record<string, Upload>>('uploads') ?? {}
  for (const upload of Object.values(kept)) if (upload.state !== 'sent' && upload.state !== 'refused') upload.state = 'failed'
  return kept
}

function post(policy: UploadPolicy, path: string, tell: (percent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: policy.url,
      filePath: path,
      name: 'file',
      formData: policy.fields,
      timeout: 60_000,
      success: ({ statusCode }) => (statusCode < 300 ? resolve() : reject(new Unreachable('没有传上去，点照片重试。'))),
      fail: () => reject(new Unreachable('没有传上去，点照片重试，或等有网自动续传。')),
    })
    task.onProgressUpdate?.(({ progress }) => tell(progress))
  })
}
