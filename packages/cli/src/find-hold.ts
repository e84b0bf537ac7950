import { canonicalPath } from '@landbridge/server/canonical-path';
import { describeHold, reasonToHold } from '@landbridge/server/reason-to-hold';

/** Why an installation in this directory changes nothing, for people; null when nothing is held. */
export async function findHold(directory: string): Promise<string | null> {
  const dataDir = canonicalPath(directory);
  const reason = await reasonToHold({ dataDir });
  return reason && describeHold(reason, dataDir);
}
