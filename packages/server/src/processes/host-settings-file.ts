import { HostSettingsFile } from '../drivers/host-settings.ts';
import { seamFolder } from '../seam/seam-socket.ts';

/** What settings of the host were before an installation wrote them. */
export function hostSettingsFile(installation: string): HostSettingsFile {
  return new HostSettingsFile(`${seamFolder(installation)}/host-settings.json`);
}
