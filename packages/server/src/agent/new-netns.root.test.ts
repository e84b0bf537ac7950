import { describe, expect, it } from 'vitest';
import { ensureNetns } from '../drivers/netns.ts';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { privateKernel } from '../../testing/private-kernel.ts';

describe.runIf(process.getuid?.() === 0)('a new namespace', () => {
  it('has no IPv6 before its first device comes, and no device that comes gets an address of it', async () => {
    using folder = await PrivateNetnsFolder.create();
    const kernel = privateKernel(folder, 'host');
    const name = 'lb-vpc-00000001';
    await ensureNetns(kernel, name, 'abc');
    try {
      const disabled = ['nsenter', `--net=/run/netns/${name}`, '--', 'sysctl', '-n'];
      for (const device of ['lo', 'default', 'all']) {
        const value = await kernel.commands.run([...disabled, `net.ipv6.conf.${device}.disable_ipv6`]);
        expect(value.trim(), device).toBe('1');
      }
      const lines = 'link add first type veth peer name second\nlink set first up\nlink set second up\n';
      await kernel.commands.run(['ip', '-n', name, '-batch', '-'], { input: lines });
      expect(await kernel.commands.run(['ip', '-n', name, '-6', 'address', 'show'])).toBe('');
    } finally {
      await kernel.commands.run(['ip', 'netns', 'delete', name]);
    }
  });
});
