import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { uploads as api, type FileKind, type UploadPolicy } from '@/api'
import { Elsewhere, passing, Refused, Trouble, waitOf } from '@/api/door'
import { whenNetworkReturns } from '@/platform/network'
import { shelf, type Kept } from '@/platform/shelf'
import { cache, forget, NO_ROOM, recallAll, remember, whenChangedElsewhere } from '@/platform/storage'
import { pause } from '@/platform/pause'
import { atMost } from '@/platform/turns'
import { useSession } from './session'

/** waiting → sending → checking → sent; or failed (try again), or refused (take another). */
export type UploadState = 'waiting' | 'sending' | 'checking' | 'sent' | 'failed' | 'refused'

export interface Upload extends Kept {
  /** Whose it is: under another membership it would be another person's file. */
  owner: string
  kind: FileKind
  /** What a photo shows, a target or a target kind: the unit writes it on the photo. */
  target?: string
  /** When it was taken, in milliseconds. */
  since: number
  state: UploadState
  /** Percent of the bytes on the way. */
  progress: number
  /** The server's id, once it is known that the bytes arrived under it. */
  file?: string
  reason?: string
}

const LOOK_AGAIN = 30_000
const VERDICT_WAITS = [200, 300, 500, 800, 1200, 2000, 3000, 4000]
/** More at once share the same weak network, and all of them run out of time. */
const AT_ONCE = 2

/** Files on their way from this phone to the unit. What was begun goes on after the app was killed. */
export const useUploads = defineStore('uploads', () => {
  const session = useSession()
  const held = ref<Record<string, Upload>>({})
  const running = new Map<string, Promise<string>>()
  const inTurn = atMost(AT_ONCE)
  const keyOf = (name: string) => `upload:${name}`
  reread()
  whenChangedElsewhere('upload:', reread)

  /** As they are kept; what is on its way from here goes on. */
  function reread() {
    const kept = recallAll<Upload>('upload:').map((upload) => (running.has(upload.name) ? held.value[upload.name] ?? upload : settled(upload)))
    held.value = Object.fromEntries(kept.map((upload) => [upload.name, upload]))
  }

  const save = (upload: Upload) => void (held.value[upload.name] && cache(keyOf(upload.name), upload))
  const isRefused = (name: string) => held.value[name]?.state === 'refused'

  /** Keep a picture on the phone and begin to send it; its name at once. */
  async function add(path: string, kind: FileKind, target?: string): Promise<string> {
    const owner = session.owner
    const kept = await shelf.keep(path)
    if (!kept.size) {
      await shelf.drop(kept.name)
      throw new Refused(400, 'file.refused', '这张照片是空的，请重新拍照。')
    }
    const upload: Upload = { ...kept, owner, kind, target, since: Date.now(), state: 'waiting', progress: 0 }
    if (!remember(keyOf(kept.name), upload)) {
      await shelf.drop(kept.name)
      throw new Trouble(NO_ROOM, 'phone.full')
    }
    held.value[kept.name] = upload
    begin(kept.name)
    return kept.name
  }

  /** A file that the unit has, to be cited again: nothing of it is on this phone. Its name. */
  function cite(file: string): string {
    held.value[file] = { name: file, type: 'image/jpeg', size: 0, owner: session.owner, kind: 'photo', since: Date.now(), state: 'sent', progress: 100, file }
    save(held.value[file])
    return file
  }

  /** What an <image> shows of it: as it is on this phone, else as the unit has it; empty when neither is to be had. */
  async function pathOf(name: string): Promise<string> {
    const path = await shelf.pathOf(name)
    const { file } = held.value[name] ?? {}
    if (path || !file) return path ?? ''
    return api.link(file).then((link) => link.thumbnail_url ?? link.url, () => '')
  }

  /** Whoever needs it asks `ensure` and is told; until then its state says how it stands. */
  function begin(name: string) {
    void ensure(name).catch(() => undefined)
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
    if (upload.owner !== session.owner) throw new Elsewhere('照片是您在另一个任职下拍的，切换回去后自动续传。')
    upload.state = 'waiting'
    try {
      upload.file ??= await inTurn(() => deliver(upload))
      save(upload)
      return await judged(upload, upload.file)
    } catch (error) {
      throw failed(upload, error)
    }
  }

  function failed(upload: Upload, error: unknown): unknown {
    const forgotten = error instanceof Refused && error.code === 'file.unknown'
    const trouble = forgotten ? notSent('照片没有传到，稍后会再传。') : error
    upload.state = isFinal(trouble) ? 'refused' : 'failed'
    upload.reason = (trouble as Trouble).sentence
    const again = waitOf(trouble) ?? (upload.file && passing(trouble) ? LOOK_AGAIN : undefined)
    if (again) setTimeout(() => begin(upload.name), again)
    if (forgotten) delete upload.file
    save(upload)
    return trouble
  }

  async function deliver(upload: Upload): Promise<string> {
    upload.state = 'sending'
    upload.progress = 0
    const path = await shelf.pathOf(upload.name)
    if (!path) throw new Refused(400, 'file.refused', '照片不在这部手机上了，请重新拍照。')
    const policy = await api.request({ kind: upload.kind, content_type: upload.type, size: upload.size, target: upload.target ?? null }, upload.owner)
    await post(policy, path, (percent) => (upload.progress = percent))
    return policy.file
  }

  async function judged(upload: Upload, file: string): Promise<string> {
    upload.state = 'checking'
    for (const wait of VERDICT_WAITS) {
      const status = await api.status(file, upload.owner)
      if (status.verdict === 'verified') return found(upload, file)
      if (status.verdict === 'refused') throw new Refused(400, 'file.refused', status.reason ?? '照片没有通过核验，请重新拍照。')
      await pause(wait)
    }
    throw new Refused(409, 'file.pending', '照片已传到，还在核验，稍后会自动再看。')
  }

  function found(upload: Upload, file: string): string {
    upload.state = 'sent'
    upload.progress = 100
    save(upload)
    return file
  }

  async function remove(name: string): Promise<void> {
    delete held.value[name]
    forget(keyOf(name))
    await shelf.drop(name)
  }

  /** What was begun goes on: after a restart, when the network is back, when its owner is. */
  function resume() {
    const mine = Object.values(held.value).filter((upload) => upload.state === 'failed' && upload.owner === session.owner)
    for (const upload of mine) begin(upload.name)
  }
  whenNetworkReturns(resume)
  watch(() => (session.expired ? '' : session.owner), resume, { immediate: true })

  return { held, isRefused, reread, add, cite, pathOf, ensure, remove }
})

/** Sent again it would be refused again. */
const isFinal = (error: unknown) => error instanceof Refused && error.status !== 401 && !passing(error)

/** Nobody is sending it any more: it is to be tried again. */
function settled(upload: Upload): Upload {
  return upload.state === 'sent' || upload.state === 'refused' ? upload : { ...upload, state: 'failed' }
}

/** Of this file only: the next one may well go. */
const notSent = (sentence: string) => new Refused(0, 'file.not_sent', sentence)

function post(policy: UploadPolicy, path: string, tell: (percent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: policy.url,
      filePath: path,
      name: 'file',
      formData: policy.fields,
      timeout: 60_000,
      success: ({ statusCode }) => (statusCode < 300 ? resolve() : reject(notSent('没有传上去，点照片重试。'))),
      fail: () => reject(notSent('没有传上去，点照片重试，或等有网自动续传。')),
    })
    task.onProgressUpdate?.(({ progress }) => tell(progress))
  })
}
