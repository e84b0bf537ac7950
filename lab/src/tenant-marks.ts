/** How two tenants' things are told apart: their inner addresses and the names of their hosts are the same. */
export interface TenantMarks {
  /** Begins the names of namespaces (after `lab-`) and of cables. */
  readonly prefix: string;
  /** Last byte of its first IDC's public address, less one. */
  readonly publicAddresses: number;
  /** Payload of its pings; 16 bytes at most. */
  readonly canary: string;
}

export const firstTenant: TenantMarks = { prefix: '', publicAddresses: 10, canary: 'landbridge-lab-1' };
export const secondTenant: TenantMarks = { prefix: 'b-', publicAddresses: 90, canary: 'landbridge-lab-2' };
