import { vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js';
import { describe, expect, it } from 'vitest';
import { vendorActions } from './vendor-actions.ts';

describe('the list of the vendor’s Actions', () => {
  it('is that of its SDK', () => {
    const methods = Object.getOwnPropertyNames(vpc.v20170312.Client.prototype).filter((name) => /^[A-Z]/.test(name));
    expect([...vendorActions()].sort()).toEqual(methods.sort());
  });
});
