import type { AccessKey } from './access-key.ts';

export interface KeyDialogProps {
  readonly accessKey: Pick<AccessKey, 'SecretId' | 'AccountName' | 'CallsPerSecond' | 'Policy'>;
  /** It is the key of this session. */
  readonly isOwn: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
