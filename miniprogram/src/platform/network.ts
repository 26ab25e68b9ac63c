import { ref } from 'vue'

/** Whether the phone believes it has a network. Only a hint: an answer is the only proof. */
export const online = ref(true)

type Listener = () => void
const returned: Listener[] = []

export function whenNetworkReturns(listener: Listener): void {
  returned.push(listener)
}

export function watchNetwork(): void {
  uni.getNetworkType({ success: (now) => (online.value = now.networkType !== 'none') })
  uni.onNetworkStatusChange((now) => {
    online.value = now.isConnected
    if (now.isConnected) returned.forEach((listener) => listener())
  })
}
