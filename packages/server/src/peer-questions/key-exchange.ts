import { createDiffieHellman, createECDH, getDiffieHellman, type DiffieHellman } from 'node:crypto';
import type { DhGroup } from '../domain/vpn/vpn-connection.ts';

/**
 * A public value of the group as a KE payload has it (RFC 7296 section 3.4, RFC 5903 section 7): a valid one, since peers check.
 * Nothing is ever agreed upon by it.
 */
export function publicValue(group: DhGroup): Buffer {
  const curve = curves[group];
  if (curve !== undefined) return createECDH(curve).generateKeys().subarray(1);
  const exchange = group === 24 ? exchange24() : getDiffieHellman(`modp${group}`);
  exchange.generateKeys();
  const value = exchange.getPublicKey();
  const length = exchange.getPrime().length;
  return Buffer.concat([Buffer.alloc(length - value.length), value]);
}

let made24: DiffieHellman | undefined;

/** Node looks whether the number is a prime, which takes a quarter of a second. */
function exchange24(): DiffieHellman {
  made24 ??= createDiffieHellman(prime24, 'hex', generator24, 'hex');
  return made24;
}

const curves: Readonly<Partial<Record<DhGroup, string>>> = { 19: 'prime256v1', 20: 'secp384r1', 21: 'secp521r1' };

/** RFC 5114 section 2.3. */
const prime24 =
  '87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA3016C3D91134096FAA' +
  '3BF4296D830E9A7C209E0C6497517ABD5A8A9D306BCF67ED91F9E6725B4758C022E0B1EF4275BF7B6C5BFC11D45F9088B941F54EB1E59BB8' +
  'BC39A0BF12307F5C4FDB70C581B23F76B63ACAE1CAA6B7902D52526735488A0EF13C6D9A51BFA4AB3AD8347796524D8EF6A167B5A41825D9' +
  '67E144E5140564251CCACB83E6B486F6B3CA3F7971506026C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103' +
  'A4B54330C198AF126116D2276E11715F693877FAD7EF09CADB094AE91E1A1597';
const generator24 =
  '3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555BE3A6C1B0C6B47B1' +
  'BC3773BF7E8C6F62901228F8C28CBB18A55AE31341000A650196F931C77A57F2DDF463E5E9EC144B777DE62AAAB8A8628AC376D282D6ED38' +
  '64E67982428EBC831D14348F6F2F9193B5045AF2767164E1DFC967C1FB3F2E55A4BD1BFFE83B9C80D052B985D182EA0ADB2A3B7313D3FE14' +
  'C8484B1E052588B9B7D2BBD2DF016199ECD06E1557CD0915B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C3' +
  '2F63078490F00EF8D647D148D47954515E2327CFEF98C582664B4C0F6CC41659';
