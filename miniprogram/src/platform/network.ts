import { ref } from 'vue'

/** Whether the phone believes it has a network. Only a hint: an answer is the only proof. */
export const online = ref(true)

type Listener = () => void
const returned: Listener[] = []

export function whenNetworkReturns(listener: Listener): void {
  returned.push(listener)
}

function become(connected: boolean): void {
  online.value = connected
  if (connected) returned.forEach((listener) => listener())
}

export function watchNetwork(): void {
  // #ifdef H5
  // uni-h5 asks for the kind of connection, which does not change when a desktop loses it.
  online.value = navigator.onLine
  window.addEventListener('online', () => become(true))
  window.addEventListener('offline', () => become(false))
  // #endif
  // #ifdef MP-WEIXIN
  uni.getNetworkType({ success: (now) => (online.value = now.networkType !== 'none') })
  uni.onNetworkStatusChange((now) => become(now.isConnected))
  // #endif
}
