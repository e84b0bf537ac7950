import { ViciCommandError, type Charon } from '@landbridge/vici';
import type { WatchdogAction } from './watchdog.ts';

/** Tells charon to do it. That the SA or the connection is gone already is no error: the next look sees what is. */
export async function tellCharon(charon: Charon, action: WatchdogAction, signal: AbortSignal): Promise<void> {
  try {
    await tell(charon, action, signal);
  } catch (error) {
    if (!(error instanceof ViciCommandError)) throw error;
  }
}

async function tell(charon: Charon, action: WatchdogAction, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'initiate':
      await charon.initiate({ ike: action.connection, child: action.child }, { signal });
      return;
    case 'terminateIke':
      await charon.terminate({ ikeId: action.ikeId, force: true }, { signal });
      return;
    case 'terminateChild':
      await charon.terminate({ childId: action.childId }, { signal });
      return;
    case 'rekeyIke':
      await charon.rekey({ ikeId: action.ikeId }, { signal });
      return;
    case 'rekeyChild':
      await charon.rekey({ childId: action.childId }, { signal });
  }
}
