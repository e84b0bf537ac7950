import { describe, expect, it } from 'vitest';
import { idsIn, partsOf } from './text-parts.ts';

describe('ids in the words of the service', () => {
  it('are found, each once, and nothing else is', () => {
    const message =
      'The tunnel `vpnx-0a1b2c3d` is still the next hop of rtb-aaaaaaaa, vpnr-bbbbbbbb: vpnx-0a1b2c3d-x up-to-date.';
    expect(idsIn([message, '通道vpnx-0a1b2c3d与 cgw-cccccccc。'])).toEqual([
      'vpnx-0a1b2c3d',
      'rtb-aaaaaaaa',
      'cgw-cccccccc',
    ]);
    expect(
      idsIn(['Rate exceeded.', 'my-vpc-12345678', 'vpc-123456789', 'vpc-1234567', 'constructor-12345678']),
    ).toEqual([]);
  });

  it('stand between the other pieces, with the quotes around them', () => {
    expect(partsOf('`vpc-11111111` holds ccn-22222222.')).toEqual([
      { text: '`vpc-11111111`', id: 'vpc-11111111' },
      { text: ' holds ' },
      { text: 'ccn-22222222', id: 'ccn-22222222' },
      { text: '.' },
    ]);
    expect(partsOf('')).toEqual([]);
    for (const text of ['`vpc-11111111', 'vpc-11111111`', '``vpc-11111111``', '<b>vpc-11111111</b>'])
      expect(
        partsOf(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
  });
});
