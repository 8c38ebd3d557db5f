/** Programs of the operating system that starting or testing needs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { CannotGoOn, run, say } from './progress.mjs';

/** Any one of `commands`, programs or absolute paths, will do; `debian` is the package that brings it. */
const redis = {
  commands: ['redis-server', 'valkey-server'],
  debian: 'redis-server',
  why: 'queues and state of the services',
};

const postgres = {
  commands: ['postgres'],
  debian: 'postgresql',
  why: 'the memory of the ledger',
};

const forTests = [
  redis,
  postgres,
  { commands: ['gpg'], debian: 'gnupg', why: 'decrypts what was sealed, as a stranger would' },
  { commands: ['unzip'], debian: 'unzip', why: 'accepts the uploaded ZIP' },
  { commands: ['python3'], debian: 'python3', why: 'accepts the uploaded ZIP, too' },
  { commands: ['opusinfo'], debian: 'opus-tools', why: 'accepts the decrypted audio' },
  { commands: ['openssl'], debian: 'openssl', why: 'certificates and CMS' },
  { commands: ['litmus'], debian: 'litmus', why: "the WebDAV community's test suite" },
  { commands: ['rclone'], debian: 'rclone', why: 'a WebDAV client of another maker' },
  { commands: ['cadaver'], debian: 'cadaver', why: 'another one, worked by hand' },
  {
    commands: ['nginx'],
    debian: 'nginx-light',
    why: 'a WebDAV server of another maker, and a load balancer',
  },
  { commands: ['haproxy'], debian: 'haproxy', why: 'another load balancer' },
  { commands: ['chromium'], debian: 'chromium', why: 'the console, as its users see it' },
  { commands: ['promtool'], debian: 'prometheus', why: 'checks and tests the alert rules' },
  {
    commands: ['/usr/lib/nginx/modules/ngx_http_dav_ext_module.so'],
    debian: 'libnginx-mod-http-dav-ext',
    why: "nginx's PROPFIND",
  },
  { commands: ['apache2'], debian: 'apache2-bin', why: 'a WebDAV server of another maker' },
  { commands: ['tinyproxy'], debian: 'tinyproxy', why: 'a proxy on the way to Genesys Cloud' },
];

/** Packages that would start a daemon of theirs at the next boot. */
const withDaemon = [
  'redis-server',
  'postgresql',
  'nginx-light',
  'haproxy',
  'prometheus',
  'tinyproxy',
];

/**
 * `REDIS_URL` and `LEDGER_DATABASE_URL` say that there are a Redis and a PostgreSQL already; the tests kill and restart
 * their own ones. `npm start` does without a PostgreSQL: then there is no ledger.
 */
export function programsNeeded(purpose, environment = process.env) {
  if (purpose === 'test') return forTests;
  return [
    ...(environment.REDIS_URL ? [] : [redis]),
    ...(environment.LEDGER_DATABASE_URL ? [] : [{ ...postgres, isOptional: true }]),
  ];
}

/** Installs what is missing where that is allowed; else says what to install. */
export async function ensurePrograms(purpose) {
  const needed = programsNeeded(purpose);
  const missing = needed.filter(isMissing);
  if (missing.length > 0) await installDebianPackages(missing);
  const still = missing.filter((program) => isMissing(program) && program.isOptional !== true);
  if (still.length > 0) throw new CannotGoOn(askToInstall(still));
  const names = needed
    .filter((program) => !isMissing(program))
    .map(({ commands }) => basename(commands.find(isOnPath)));
  say(names.length > 0 ? `programs: ${names.join(', ')}` : 'programs: none is needed');
}

function isMissing({ commands }) {
  return !commands.some(isOnPath);
}

function isOnPath(command) {
  if (isAbsolute(command)) return existsSync(command);
  // Servers are there, which is not on everybody's PATH.
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    ...debianPostgresFolders(),
  ];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, command)));
}

/** Debian keeps the servers of all releases side by side. */
function debianPostgresFolders() {
  const folder = '/usr/lib/postgresql';
  return existsSync(folder)
    ? readdirSync(folder).map((release) => join(folder, release, 'bin'))
    : [];
}

export function askToInstall(missing) {
  const lines = missing.map(
    ({ commands, debian, why }) => `  ${commands.join(' or ')}: ${why} (Debian package ${debian})`,
  );
  const packages = missing.map(({ debian }) => debian).join(' ');
  return [
    'These programs are needed and could not be installed from here:',
    ...lines,
    `On Debian or Ubuntu: sudo apt-get install ${packages}`,
    ...(missing.includes(redis)
      ? ['Or set REDIS_URL to a Redis that runs already (npm start only).']
      : []),
  ].join('\n');
}

/**
 * A policy-rc.d that answers 101 keeps packages from starting their daemons while they are
 * installed; whatever policy was there is put back. Their services are also kept from starting at boot.
 */
const installScript = `
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then mv "$policy" "$policy.exrec-aside"; fi
restore() {
  rm -f "$policy"
  if [ -e "$policy.exrec-aside" ]; then mv "$policy.exrec-aside" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' INT TERM
printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends install "$@" > /dev/null || exit 1
if command -v systemctl > /dev/null; then
  for package in ${withDaemon.join(' ')}; do
    case " $* " in *" $package "*) systemctl disable "\${package%-light}" > /dev/null 2>&1 ;; esac
  done
fi
exit 0
`;

async function installDebianPackages(missing) {
  const asRoot = rootCommand();
  if (!isOnPath('apt-get') || asRoot === undefined) return;
  const packages = missing.map(({ debian }) => debian);
  say(`programs: installing the Debian packages ${packages.join(', ')}; no service is started`);
  const [command, ...args] = [...asRoot, 'sh', '-c', installScript, 'sh', ...packages];
  await run(command, args);
}

/** How to become root without being asked for a password; `undefined` when there is no way. */
function rootCommand() {
  if (process.getuid?.() === 0) return [];
  const sudo = ['sudo', '-n'];
  return spawnSync(sudo[0], [...sudo.slice(1), 'true']).status === 0 ? sudo : undefined;
}
