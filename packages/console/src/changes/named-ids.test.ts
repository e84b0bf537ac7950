import { describe, expect, it } from 'vitest';
import { idsIn } from './named-ids.ts';

describe('ids in the words of the service', () => {
  it('are found, each once, and nothing else is', () => {
    const message =
      'The tunnel `vpnx-0a1b2c3d` is still the next hop of vpnr-aaaaaaaa, vpnr-bbbbbbbb: vpnx-0a1b2c3d-x up-to-date.';
    expect(idsIn(message)).toEqual(['vpnx-0a1b2c3d', 'vpnr-aaaaaaaa', 'vpnr-bbbbbbbb']);
    expect(idsIn('Rate exceeded.')).toEqual([]);
  });
});
