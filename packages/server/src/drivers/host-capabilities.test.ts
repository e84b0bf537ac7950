import { describe, expect, it } from 'vitest';
import { chooseDataPlane, DataPlaneUnavailableError, type HostCapabilities } from './host-capabilities.ts';

const bare: HostCapabilities = {
  root: true,
  kernelRelease: '6.1.0',
  kernelEsp: false,
  xfrmInterface: false,
  tun: false,
  tunUdpSegmentation: false,
  uxfrm: false,
  missingPrograms: [],
};
const stock = { ...bare, kernelEsp: true, xfrmInterface: true };
const guest = { ...bare, tun: true, uxfrm: true };

describe('chooseDataPlane', () => {
  it('takes the kernel where it can do it, else uxfrm', () => {
    const reason = 'the kernel has ESP and xfrm interfaces';
    expect(chooseDataPlane({ ...stock, ...{ tun: true, uxfrm: true } }, 'auto')).toEqual({ name: 'kernel', reason });
    expect(chooseDataPlane(guest, 'auto').reason).toMatch(/no ESP.*no xfrm interfaces/);
    const half = chooseDataPlane({ ...guest, kernelEsp: true }, 'auto');
    expect(half.name).toBe('uxfrm');
    expect(half.reason).toMatch(/^the kernel has no xfrm interfaces/);
  });

  it('does what it is told where that works', () => {
    expect(chooseDataPlane({ ...stock, tun: true, uxfrm: true }, 'uxfrm')).toEqual({
      name: 'uxfrm',
      reason: 'as configured',
    });
    expect(chooseDataPlane(bare, 'none').name).toBe('none');
    expect(() => chooseDataPlane(guest, 'kernel')).toThrow(DataPlaneUnavailableError);
    expect(() => chooseDataPlane(stock, 'uxfrm')).toThrow(/\/dev\/net\/tun cannot be opened.*uxfrm is not built/);
  });

  it('names everything that is missing', () => {
    expect(() => chooseDataPlane(bare, 'auto')).toThrow(
      /kernel: the kernel has no ESP \(CONFIG_XFRM_USER.*kernel: .*CONFIG_XFRM_INTERFACE.*uxfrm: .*tun.*uxfrm is not built/,
    );
    const missingPrograms = [{ program: 'nft', package: 'nftables' }];
    expect(() => chooseDataPlane({ ...stock, root: false, missingPrograms }, 'auto')).toThrow(
      /must run as root.*nft is missing: apt-get install nftables/,
    );
  });
});
