import { catalogue, type Service } from './catalogue.js';
import { shownDefault, type DescribedSetting } from './described-setting.js';

const groups: readonly { readonly title: string; readonly who: readonly Service[] }[] = [
  { title: 'Every service', who: ['excp', 'exrp', 'storage', 'ledger'] },
  { title: 'Every service but storage', who: ['excp', 'exrp', 'ledger'] },
  { title: 'EXCP and EXRP', who: ['excp', 'exrp'] },
  { title: 'EXCP and the ledger', who: ['excp', 'ledger'] },
  { title: 'EXCP', who: ['excp'] },
  { title: 'EXRP', who: ['exrp'] },
  { title: 'Ledger', who: ['ledger'] },
  { title: 'Storage', who: ['storage'] },
];

const introduction = `# Configuration

<!-- Written by \`npm run docs\` from libs/service-kit/src/settings/catalogue.ts. Do not edit. -->

Every setting is an environment variable.

- Each may be given as \`<NAME>_FILE\` instead: the path of a file that holds the value, e.g. a mounted secret. Both at once is a fault.
- \`ADMIN_TOKEN\`, \`EXCP_EVENTS_TOKEN\`, \`EXCP_MCP_PASSWORD\`, \`EXRP_API_TOKEN\`, \`GC_CLIENT_SECRET\` and \`STORAGE_PASSWORD\` are read again when their file changes; so are the files of \`TLS_CERT_FILE\`, \`TLS_KEY_FILE\`, \`EXREC_TOKENS_FILE\` and \`HYBRID_INTEGRATION_FILE\`. Everything else counts from the next start.
- An empty value counts as not set.
- In development, \`.env\` in the working directory is read, too; the environment wins. With \`NODE_ENV=production\` it is ignored.
- A service whose settings are wrong does not start: it prints every fault at once, by name and without values, and ends with exit code 78. A variable that looks like ours (\`EXCP_…\`, \`EXRP_…\`, \`EXREC_…\`, \`STORAGE_…\`, \`LEDGER_…\`, \`GC_…\`, \`RWS_…\`, \`STA_…\`, \`WEBDAV_…\`, \`HYBRID_…\`) but is none counts as a fault: it is a slip of the pen.
- Times, sizes and rates take decimals above 0; their unit is in the name.
- Secrets are marked 🔒 and never reach a log.
`;

/** The text of `docs/configuration.md`: one table for each group of services. */
export function configurationDocument(): string {
  const settings: [string, DescribedSetting][] = Object.entries(catalogue);
  const sections = groups.map(({ title, who }) => {
    const rows = settings
      .filter(([, setting]) => setting.who.join() === who.join())
      .map(([name, setting]) => row(name, setting));
    return [
      `\n## ${title}\n`,
      '| variable | default | who | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return introduction + sections.join('');
}

function row(name: string, setting: DescribedSetting): string {
  const meaning = `${setting.secret ? '🔒 ' : ''}${setting.about}`;
  const cells = [`\`${name}\``, shownDefault(setting), setting.who.join(', '), meaning];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
