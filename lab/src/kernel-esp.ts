import { runCommand } from '@landbridge/testbed/run-command';

const attempt =
  'ip link add x type xfrm if_id 1 && ip xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp spi 256 mode tunnel ' +
  `aead 'rfc4106(gcm(aes))' 0x${'00'.repeat(20)} 128`;

/** Whether this machine's kernel has xfrm interfaces and ESP: tried in a network namespace that is gone at once. */
export async function kernelHasEsp(): Promise<boolean> {
  return (await runCommand(['unshare', '-n', 'sh', '-c', attempt])).code === 0;
}
