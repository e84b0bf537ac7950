import { patience } from '@landbridge/testbed/poll';
import { beforeAll, describe, expect, it } from 'vitest';
import { quotasFor, seedTunnels } from './seeded-tunnels.ts';
import { useConsole } from './use-console.ts';

// A thousand tunnels in the store, and every answer the service's own. How long it takes, `npm run bench -- --only console` measures.

const shown = useConsole({ quotas: quotasFor(1000) });
const { signIn } = shown;

beforeAll(() => seedTunnels(shown.api, 1000), 300_000 * patience);

describe('a thousand tunnels', { timeout: 60_000 * patience }, () => {
  it('are all there, those that are down first, few of them in the page', async () => {
    const { page } = shown;
    await signIn('/console/tunnels');
    await page.getByText('1000 of 1000').waitFor();
    const rows = page.getByRole('row');
    expect(await rows.count()).toBeLessThan(80);
    const first = await rows.nth(1).textContent();
    expect(first).toContain('refused');
    expect(first).toContain('The IKE DH group');
  });

  it('are scrolled and filtered', async () => {
    const { page } = shown;
    await signIn('/console/tunnels');
    await page.getByText('1000 of 1000').waitFor();
    await page.evaluate(`document.querySelector('.scrolled').scrollTo(0, 1e6)`);
    await page.getByRole('link', { name: 'site-999' }).waitFor();
    await page.getByRole('searchbox').fill('site-77');
    await page.getByText('11 of 1000').waitFor();
  });
});
