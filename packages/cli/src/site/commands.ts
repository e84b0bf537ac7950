import type { Command } from 'commander';

/** `apply`: a network as one file. @param client adds what every command takes that calls the service. */
export function addSiteCommands(program: Command, client: (command: Command) => Command): void {
  client(program.command('apply'))
    .description('bring VPCs, gateways, tunnels and routes to what a site file says (docs/site-file.md)')
    .requiredOption('-f, --file <file>', 'the site file (YAML)')
    .option('--dry-run', 'change nothing; print what would change, and what that does to each tunnel')
    .option('--prune', 'delete what was made for this site and is no longer in the file')
    .option('--timeout <seconds>', 'how long an object may take to be in force', '60')
    .action(async (options) => (await import('./apply.ts')).apply(options));
}
