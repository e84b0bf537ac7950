import type { PeerModel } from './peer-model.ts';

export interface PeerFile {
  readonly name: string;
  readonly text: string;
  /** It holds a pre-shared key. */
  readonly secret: boolean;
}

export interface PeerConfiguration {
  readonly files: readonly PeerFile[];
  /** What the reader has to know or do beside loading the files; whole sentences. */
  readonly notes: readonly string[];
}

/** One way to write the configuration of a device, and what DescribeCustomerGatewayVendors says of it. */
export interface Dialect {
  readonly vendorName: string;
  readonly platform: string;
  readonly softwareVersion: string;
  /** As its maker calls it. */
  readonly title: string;
  /**
   * How far tests go: `tunnel`, the real daemon loads the files and carries packets; `grammar`, each line is held to the
   * documented commands; `sheet`, values to be entered by hand.
   */
  readonly proof: 'tunnel' | 'grammar' | 'sheet';
  /** What begins a line that means nothing. */
  readonly comment: '#' | '!';
  /** Throws PeerConfigurationRefusal. The model was checked (check-peer-model.ts). */
  readonly write: (model: PeerModel) => PeerConfiguration;
}
