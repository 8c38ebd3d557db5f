import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { catalogue } from '@exrec/service-kit';
import { workspaceRoot } from '@exrec/testing';
import { parse, parseAllDocuments } from 'yaml';
import { listOf, objectOf, textOf, type JsonObject } from './json-values.js';

const root = workspaceRoot();
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const readYaml = (...path: string[]): unknown => parse(read(...path), { merge: true });

/** Environment variables that are settings of ours, or known to be somebody else's. */
const ofNode = new Set(['NODE_ENV', 'NODE_EXTRA_CA_CERTS']);
const ofOthers = /^(SIMULATOR_(HOST|PORT|URL)|POSTGRES_(USER|DB|PASSWORD_FILE))$/;
function unknownNames(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      !ofNode.has(name) &&
      !ofOthers.test(name) &&
      !(name in catalogue) &&
      !(name.replace(/_FILE$/, '') in catalogue),
  );
}

/** Also those that are commented out: an operator will take the mark away. */
function namesInEnvFile(text: string): string[] {
  return Object.keys(parseEnv(text.replaceAll(/^# (?=[A-Z_]+=)/gm, '')));
}

describe('compose.yaml', () => {
  const compose = objectOf(readYaml('docker', 'compose.yaml'));
  const services = Object.entries(objectOf(compose.services)).map(
    ([name, service]) => [name, objectOf(service)] as const,
  );
  const ours = services.filter(([, { image }]) => textOf(image).startsWith('exrec-'));

  it('has two of each service behind a balancer, and Redis that loses and evicts nothing', () => {
    const names = services.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['excp-1', 'excp-2', 'exrp-1', 'exrp-2', 'balancer', 'redis']),
    );
    const redis = read('docker', 'redis.conf');
    expect(redis).toMatch(/^appendonly yes$/m);
    expect(redis).toMatch(/^maxmemory-policy noeviction$/m);
    expect(read('docker', 'nginx.conf')).toContain(
      'proxy_next_upstream error timeout http_503 non_idempotent;',
    );
  });

  it.each(services)('%s: settings, secrets, volumes and files exist', (_name, service) => {
    expect(unknownNames(Object.keys(objectOf(service.environment)))).toEqual([]);
    const secrets = listOf(service.secrets).map(textOf);
    expect(Object.keys(objectOf(compose.secrets))).toEqual(expect.arrayContaining(secrets));
    for (const value of Object.values(objectOf(service.environment))) {
      const [, secret] = /^\/run\/secrets\/(.+)$/.exec(textOf(value)) ?? [];
      if (secret !== undefined) expect(secrets).toContain(secret);
      const [, rules] = /^\/etc\/exrec\/(.+)$/.exec(textOf(value)) ?? [];
      if (rules === undefined) continue;
      expect(textOf(service.volumes)).toContain(':/etc/exrec:ro');
      expect(existsSync(join(root, 'examples', rules))).toBe(true);
    }
    for (const volume of listOf(service.volumes).map(textOf)) {
      const source = volume.replace(/\$\{\w+:-([^}]*)\}/g, '$1').split(':')[0] ?? '';
      const isThere = source.startsWith('.')
        ? existsSync(join(root, 'docker', source))
        : source in objectOf(compose.volumes);
      expect([volume, isThere]).toEqual([volume, true]);
    }
    const { dockerfile } = objectOf(service.build);
    if (dockerfile !== undefined) expect(existsSync(join(root, textOf(dockerfile)))).toBe(true);
    for (const network of listOf(service.networks))
      expect(Object.keys(objectOf(compose.networks))).toContain(network);
  });

  it.each(services)('%s: has no rights and writes nowhere but where it says', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it('the secrets that it names are those that make-secrets.sh makes', () => {
    const names = Object.keys(objectOf(compose.secrets));
    const script = read('docker', 'make-secrets.sh');
    for (const name of names) expect(script).toMatch(new RegExp(`\\b${name}\\b`));
    expect(ours.length).toBeGreaterThan(5);
  });
});

describe('environment files', () => {
  const files = ['docker/exrec.env.example', 'deploy/kubernetes/settings.env.example'].concat(
    readdirSync(join(root, 'deploy/systemd'))
      .filter((name) => name.endsWith('.env.example'))
      .map((name) => `deploy/systemd/${name}`),
  );
  it.each(files)('%s holds settings only', (file) => {
    const names = namesInEnvFile(read(file));
    expect(names.length).toBeGreaterThan(0);
    expect(unknownNames(names)).toEqual([]);
  });
});

describe('systemd units', () => {
  const units = readdirSync(join(root, 'deploy/systemd')).filter((name) =>
    name.endsWith('.service'),
  );
  const analyze = (...args: string[]) =>
    spawnSync('systemd-analyze', args, { encoding: 'utf8', cwd: join(root, 'deploy/systemd') });
  const isThere = analyze('--version').status === 0;

  it.each(units)('%s is found right, with hardly anything exposed', (unit) => {
    const text = read('deploy/systemd', unit);
    const inline = [...text.matchAll(/^Environment=(\w+)=/gm)].map(([, name = '']) => name);
    expect(unknownNames(inline)).toEqual([]);
    expect(text).toMatch(/^RestartPreventExitStatus=64 78$/m);
    // Debian has it wherever systemd is; elsewhere there is nothing to ask.
    if (!isThere) return;
    const verified = analyze('verify', unit);
    expect(verified.stdout + verified.stderr).toBe('');
    expect(verified.status).toBe(0);
    // From 0, nothing exposed, to 100.
    expect(analyze('security', '--offline=yes', '--threshold=20', unit).status).toBe(0);
  });
});

describe('kubernetes', () => {
  const folder = join(root, 'deploy/kubernetes');
  const kustomization = objectOf(readYaml('deploy/kubernetes/kustomization.yaml'));
  const documents = listOf(kustomization.resources).flatMap((file) =>
    parseAllDocuments(read('deploy/kubernetes', textOf(file))).map((document) =>
      objectOf(document.toJS()),
    ),
  );
  const ofKind = (...kinds: string[]) =>
    documents
      .filter(({ kind }) => kinds.includes(textOf(kind)))
      .map((document) => [textOf(objectOf(document.metadata).name), document] as const);
  const workloads = ofKind('Deployment', 'StatefulSet').map(([name, { spec }]) => {
    const { template, selector, replicas, volumeClaimTemplates } = objectOf(spec);
    const { metadata, spec: pod } = objectOf(template);
    return {
      name,
      labels: objectOf(objectOf(metadata).labels),
      selector: objectOf(objectOf(selector).matchLabels),
      replicas,
      pod: objectOf(pod),
      container: objectOf(listOf(objectOf(pod).containers)[0]),
      claims: listOf(volumeClaimTemplates).map((claim) =>
        textOf(objectOf(objectOf(claim).metadata).name),
      ),
    };
  });

  it('takes every manifest there is', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    const known = new Set([...listOf(kustomization.resources), 'kustomization.yaml']);
    expect(files.filter((name) => !known.has(name))).toEqual([]);
    for (const document of documents) {
      expect(document).toMatchObject({
        apiVersion: expect.any(String) as string,
        kind: expect.any(String) as string,
        metadata: { name: expect.any(String) as string },
      });
    }
  });

  it.each(workloads)('$name: settings, volumes, probes and rights', (workload) => {
    const { pod, container } = workload;
    const env = listOf(container.env).map((item) => textOf(objectOf(item).name));
    expect(unknownNames(env)).toEqual([]);
    expect(workload.labels).toMatchObject(workload.selector);
    expect(pod).toMatchObject({
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container).toMatchObject({
      readinessProbe: expect.any(Object) as object,
      livenessProbe: expect.any(Object) as object,
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    const volumes = listOf(pod.volumes).map((volume) => textOf(objectOf(volume).name));
    const mounts = listOf(container.volumeMounts).map((mount) => textOf(objectOf(mount).name));
    expect([...volumes, ...workload.claims].toSorted()).toEqual(mounts.toSorted());
    expect(Number(pod.terminationGracePeriodSeconds)).toBeGreaterThan(30);
  });

  it.each(workloads.filter(({ name }) => name !== 'redis'))(
    '$name: every file that a setting names is mounted, and kustomize makes it',
    ({ pod, container }) => {
      const volumes = new Map(
        listOf(pod.volumes).map((volume) => [textOf(objectOf(volume).name), objectOf(volume)]),
      );
      const mounts = listOf(container.volumeMounts).map(objectOf);
      const generated = generatedFiles(kustomization);
      for (const item of listOf(container.env).map(objectOf)) {
        const value = textOf(item.value);
        if (!textOf(item.name).endsWith('_FILE')) continue;
        const mount = mounts.find(({ mountPath }) => value.startsWith(`${textOf(mountPath)}/`));
        const volume = volumes.get(textOf(mount?.name)) ?? {};
        const source =
          objectOf(volume.secret).secretName ?? objectOf(volume.configMap).name ?? 'nothing';
        const file = value.slice(textOf(mount?.mountPath).length + 1);
        expect(generated).toContain(`${textOf(source)}/${file}`);
      }
    },
  );

  it('services, disruption budgets and network policies select pods that exist', () => {
    const labels = workloads.map((workload) => workload.labels);
    const matches = (wanted: JsonObject) =>
      labels.some((given) => Object.entries(wanted).every(([key, value]) => given[key] === value));
    for (const [, { spec }] of ofKind('Service')) {
      expect(matches(objectOf(objectOf(spec).selector))).toBe(true);
    }
    for (const [, { spec }] of ofKind('PodDisruptionBudget', 'NetworkPolicy')) {
      const { selector, podSelector } = objectOf(spec);
      expect(matches(objectOf(objectOf(selector ?? podSelector).matchLabels))).toBe(true);
    }
    const budgets = ofKind('PodDisruptionBudget').map(([name]) => name);
    const several = workloads.filter(({ replicas }) => Number(replicas) > 1);
    expect(budgets.toSorted()).toEqual(several.map(({ name }) => name).toSorted());
    const policies = ofKind('NetworkPolicy').map(([name]) => name);
    expect(policies).toEqual(expect.arrayContaining(workloads.map(({ name }) => name)));
  });

  it('prepare.sh makes what kustomization.yaml names', () => {
    const copy = mkdtempSync(join(tmpdir(), 'exrec-kustomize-'));
    try {
      const script = [
        `mkdir -p deploy && cp -r '${root}/docker' '${root}/examples' . && cp -r '${folder}' deploy/`,
        'rm -rf docker/secrets && mkdir docker/secrets && printf secret > docker/secrets/gc_client_secret',
        'deploy/kubernetes/prepare.sh > /dev/null',
      ].join(' && ');
      expect(spawnSync('sh', ['-c', script], { cwd: copy, encoding: 'utf8' }).stderr).toBe('');
      const missing = generatedSources(kustomization).filter(
        (file) => !existsSync(join(copy, 'deploy/kubernetes', file)),
      );
      expect(missing).toEqual([]);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});

/** `<config map or secret>/<file>` of all that kustomize makes. */
function generatedFiles(kustomization: JsonObject): string[] {
  return generators(kustomization).flatMap(({ name, files }) =>
    listOf(files).map((file) => `${textOf(name)}/${textOf(file).split('/').at(-1) ?? ''}`),
  );
}

function generatedSources(kustomization: JsonObject): string[] {
  return generators(kustomization).flatMap(({ files, envs }) =>
    [...listOf(files), ...listOf(envs)].map(textOf),
  );
}

function generators(kustomization: JsonObject): JsonObject[] {
  const { configMapGenerator, secretGenerator } = kustomization;
  return [...listOf(configMapGenerator), ...listOf(secretGenerator)].map(objectOf);
}
